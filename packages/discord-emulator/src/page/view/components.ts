/** Message components. Buttons and menus of bots can be used. */
import { html, nothing, type TemplateResult } from "lit";
import type { StoredMessage } from "../../world/message.ts";
import { press } from "../act.ts";
import { renderMarkdown } from "../markdown.ts";
import { pictureOf } from "../pictures.ts";
import type { MessageContext } from "./message.ts";

/** The shape after the emulator's own checks; only what is drawn. */
interface Component {
  readonly type: number;
  readonly components?: readonly Component[];
  readonly accessory?: Component;
  readonly content?: string;
  readonly label?: string;
  readonly style?: number;
  readonly emoji?: { readonly name?: string };
  readonly custom_id?: string;
  readonly disabled?: boolean;
  readonly placeholder?: string;
  readonly max_values?: number;
  readonly options?: readonly { readonly label: string; readonly value: string; readonly default?: boolean }[];
  readonly url?: string;
  readonly accent_color?: number;
  readonly divider?: boolean;
  readonly media?: { readonly url?: string };
  readonly file?: { readonly url?: string };
  readonly items?: readonly { readonly media?: { readonly url?: string } }[];
}

export function renderComponents(message: StoredMessage, context: MessageContext): TemplateResult | typeof nothing {
  const all: readonly object[] = message.components;
  if (all.length === 0) return nothing;
  const within = { ...context, messageId: message.id };
  return html`<div class="components" slot="components">${(all as readonly Component[]).map((one) => renderComponent(one, within))}</div>`;
}

interface Within extends MessageContext {
  readonly messageId: string;
}

function renderComponent(component: Component, context: Within): TemplateResult | typeof nothing {
  const inner = () => component.components?.map((one) => renderComponent(one, context));
  const picture = (url = "") => html`<img src=${pictureOf(url, context.ownUrl)} alt="" />`;
  switch (component.type) {
    case 1:
      return html`<div class="row">${inner()}</div>`;
    case 2:
      return renderButton(component, context);
    case 3:
      return renderMenu(component, context);
    case 9:
      return html`<div class="section"><div>${inner()}</div>${component.accessory ? renderComponent(component.accessory, context) : nothing}</div>`;
    case 10:
      return html`<div class="content">${renderMarkdown(component.content ?? "", context.names)}</div>`;
    case 11:
      return picture(component.media?.url);
    case 12:
      return html`<div class="gallery">${component.items?.map(({ media }) => picture(media?.url))}</div>`;
    case 13:
      return html`<div class="content">${component.file?.url}</div>`;
    case 14:
      return component.divider === false ? nothing : html`<hr />`;
    case 17: {
      const color =
        component.accent_color === undefined
          ? "transparent"
          : `#${component.accent_color.toString(16).padStart(6, "0")}`;
      return html`<div class="container" style="border-left-color: ${color}">${inner()}</div>`;
    }
    default:
      return nothing;
  }
}

const STYLES: Readonly<Record<number, string>> = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };

function renderButton(button: Component, { messageId, own, tell }: Within): TemplateResult {
  const { label = "", emoji, url, style = 2, disabled = false, custom_id: customId = "" } = button;
  const face = html`${emoji?.name === undefined ? nothing : html`<span>${emoji.name}</span>`}${label}`;
  // A link was looked at by the emulator: it leads to the web.
  if (url !== undefined) {
    return html`<a class="button" href=${url} target="_blank" rel="noopener noreferrer">${label === "" ? url : face} ↗</a>`;
  }
  const isPending = own.pending.has(`${messageId} ${customId}`);
  return html`<button class="button ${STYLES[style] ?? "secondary"}" ?disabled=${disabled || isPending}
    @click=${() => press({ kind: "press", messageId, customId }, own, tell)}>${isPending ? html`<i class="dots">···</i>` : face}</button>`;
}

function renderMenu(menu: Component, { messageId, own, tell }: Within): TemplateResult {
  const { options = [], placeholder = "Make a selection", disabled = false, custom_id: customId = "" } = menu;
  const choose = (event: Event) => {
    const { value } = event.target as HTMLSelectElement;
    if (value !== "") void press({ kind: "press", messageId, customId, values: [value] }, own, tell);
  };
  return html`<select class="menu" ?disabled=${disabled} @change=${choose}><option value="">${placeholder}</option>${options.map(
    (option) => html`<option value=${option.value} ?selected=${option.default ?? false}>${option.label}</option>`,
  )}</select>`;
}
