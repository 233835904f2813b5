/** A form that a bot shows. */
import { html, nothing, type TemplateResult } from "lit";
import { act } from "../act.ts";
import type { Own, ShownForm } from "../own.ts";
import type { Tell } from "./app.ts";

/** The shape after the bot's own making; only what is drawn. */
interface Field {
  readonly custom_id: string;
  readonly label?: string;
  readonly placeholder?: string;
  readonly value?: string;
  readonly style?: number;
  readonly required?: boolean;
  readonly max_length?: number;
}

const LONG = 2;

export function renderForm(own: Own, tell: Tell): TemplateResult | typeof nothing {
  if (own.form === null) return nothing;
  const { token, modal } = own.form;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const values = Object.fromEntries(Array.from(data, ([key, value]) => [key, String(value)]));
    tell({ kind: "form", form: null });
    void act({ kind: "submit", token, modal, values }, own, tell);
  };
  const close = () => tell({ kind: "form", form: null });
  return html`
    <div class="shade" @click=${(event: Event) => event.target === event.currentTarget && close()}>
      <form class="modal" role="dialog" aria-label=${modal.title} @submit=${send}>
        <h2>${modal.title}</h2>
        ${fieldsOf(own.form).map(renderField)}
        <footer><button type="button" @click=${close}>Cancel</button><button class="send">Submit</button></footer>
      </form>
    </div>
  `;
}

/** In rows, or each under a label of its own. */
function fieldsOf({ modal }: ShownForm): Field[] {
  return modal.components.flatMap((one) => {
    const { components = [], component, label } = one as { components?: Field[]; component?: Field; label?: string };
    if (component === undefined) return components;
    return [{ ...component, ...(label === undefined ? {} : { label }) }];
  });
}

function renderField(field: Field): TemplateResult {
  const {
    custom_id: name,
    label = "",
    placeholder = "",
    value = "",
    style,
    required = true,
    max_length = 4000,
  } = field;
  const input =
    style === LONG
      ? html`<textarea name=${name} rows="4" placeholder=${placeholder} maxlength=${max_length} ?required=${required} .value=${value}></textarea>`
      : html`<input name=${name} placeholder=${placeholder} maxlength=${max_length} ?required=${required} .value=${value} autocomplete="off" />`;
  return html`<label><span>${label}${required ? html`<em>*</em>` : nothing}</span>${input}</label>`;
}
