/** The field at the foot: text, or a slash command with its options; and who it is that writes. */
import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import type { OptionValue } from "../../people/slash.ts";
import type { Surroundings } from "../../view/protocol.ts";
import type { CommandOption } from "../../world/commands.ts";
import { act } from "../act.ts";
import { type Offer, type Own, offersFor } from "../own.ts";
import { avatarOf } from "../pictures.ts";
import type { Tell } from "./app.ts";
import { renderPerson } from "./person.ts";

export interface ComposerParts {
  readonly placeId: string;
  /** As it is written in the empty field: `#general`. */
  readonly placeName: string;
  /** A forum is written to in its posts. */
  readonly isForum: boolean;
  readonly own: Own;
  readonly surroundings: Surroundings;
  readonly tell: Tell;
}

export function renderComposer(parts: ComposerParts): TemplateResult {
  const { own, surroundings, tell, isForum } = parts;
  if (isForum) return html`<div class="composer closed">Choose a post to write in it</div>`;
  const offers = own.offer === null ? offersFor(own.draft, surroundings.commands) : [];
  return html`
    <div class="compose">
      ${own.notice === null ? nothing : html`<p class="notice" role="alert">${own.notice}<button title="Put it away" @click=${() => tell({ kind: "notice", text: null })}>✕</button></p>`}
      ${offers.length === 0 ? nothing : renderOffers(offers, parts)}
      ${own.isPersonOpen ? renderPerson(own, surroundings, tell) : nothing}
      <div class="composer">
        <button class="self" title="Who writes: ${own.name}" @click=${() => tell({ kind: "toggle-person" })}>
          <img src=${avatarOf(own.name, null)} alt="" /><span>${own.name}</span>
        </button>
        ${own.offer === null ? renderField(parts) : renderCommand(own.offer, parts)}
      </div>
    </div>
  `;
}

function renderField({ own, placeId, placeName, surroundings, tell }: ComposerParts): TemplateResult {
  const enter = (event: KeyboardEvent) => {
    // The field itself is asked: what was typed last may not have been drawn yet.
    const field = event.target as HTMLTextAreaElement;
    const text = field.value;
    const [first] = offersFor(text, surroundings.commands);
    if (first !== undefined && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      choose(first, tell);
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || text.trim() === "") return;
    event.preventDefault();
    // At once, or a second press of the key would say it again.
    field.value = "";
    tell({ kind: "draft", text: "" });
    // What was refused comes back into the field.
    void act({ kind: "say", channelId: placeId, text }, own, tell).then((isDone) => {
      if (!isDone) tell({ kind: "draft", text });
    });
  };
  return html`<textarea rows="1" aria-label="Message" placeholder="Message ${placeName}" .value=${live(own.draft)}
    @input=${(event: Event) => tell({ kind: "draft", text: (event.target as HTMLTextAreaElement).value })} @keydown=${enter}></textarea>`;
}

function renderOffers(offers: readonly Offer[], { surroundings, tell }: ComposerParts): TemplateResult {
  const botName = (id: string) => surroundings.bots.find((bot) => bot.id === id)?.name ?? "";
  return html`
    <div class="offers" role="listbox" aria-label="Commands">
      ${offers.slice(0, 8).map(
        (offer) => html`
          <button role="option" @click=${() => choose(offer, tell)}>
            <img src=${avatarOf(botName(offer.applicationId), null)} alt="" />
            <span><b>/${offer.name}</b> ${offer.options.map(({ name }) => html`<i>${name}</i>`)}<small>${offer.description}</small></span>
            <small>${botName(offer.applicationId)}</small>
          </button>
        `,
      )}
    </div>
  `;
}

function choose(offer: Offer, tell: Tell): void {
  tell({ kind: "offer", offer });
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>(".command input, .command select, .command button")?.focus(),
    ),
  );
}

function renderCommand(offer: Offer, { own, placeId, tell }: ComposerParts): TemplateResult {
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const options = readOptions(offer, new FormData(event.target as HTMLFormElement));
    tell({ kind: "offer", offer: null });
    void act({ kind: "slash", channelId: placeId, command: offer.name, options }, own, tell);
  };
  const leave = (event: KeyboardEvent) => event.key === "Escape" && tell({ kind: "offer", offer: null });
  return html`
    <form class="command" @submit=${send} @keydown=${leave}>
      <b>/${offer.name}</b>
      ${offer.options.map(renderOption)}
      <button class="send">Send</button>
      <button type="button" class="cancel" title="Back to text" @click=${() => tell({ kind: "offer", offer: null })}>✕</button>
    </form>
  `;
}

const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;

function renderOption({ name, description, required = false, choices = [], type }: CommandOption): TemplateResult {
  const offered = type === BOOLEAN ? ["true", "false"] : choices.map(({ value }) => String(value));
  const label = (value: string) => choices.find((one) => String(one.value) === value)?.name ?? value;
  const field =
    offered.length > 0
      ? html`<select name=${name} ?required=${required}><option value=""></option>${offered.map((value) => html`<option value=${value}>${label(value)}</option>`)}</select>`
      : html`<input name=${name} ?required=${required} autocomplete="off" placeholder=${description ?? ""} />`;
  return html`<label title=${description ?? ""}><span>${name}</span>${field}</label>`;
}

/** What was left empty is left out. */
function readOptions({ options }: Offer, data: FormData): Record<string, OptionValue> {
  const values: Record<string, OptionValue> = {};
  for (const { name, type } of options) {
    const text = String(data.get(name) ?? "").trim();
    if (text === "") continue;
    if (type === BOOLEAN) values[name] = text === "true";
    else values[name] = type === INTEGER || type === NUMBER ? Number(text) : text;
  }
  return values;
}
