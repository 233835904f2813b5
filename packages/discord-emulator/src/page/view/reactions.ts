/** Reactions under a message, and the thread that hangs on it. */
import { html, nothing, type TemplateResult } from "lit";
import type { StoredMessage } from "../../world/message.ts";
import { act } from "../act.ts";
import { icon } from "./icons.ts";
import type { MessageContext } from "./message.ts";

/** Offered where a reaction is added; typing any other is left to bots. */
const EMOJI = ["👍", "👀", "✅", "❌", "🔥", "🎉", "❤️", "😀"];

export function renderReactions(
  { id, reactions }: StoredMessage,
  context: MessageContext,
): TemplateResult | typeof nothing {
  const { people, own, tell } = context;
  const isChoosing = own.reactingTo === id;
  if (reactions.length === 0 && !isChoosing) return nothing;
  const react = (emoji: string) => {
    tell({ kind: "reacting", messageId: null });
    void act({ kind: "react", messageId: id, emoji }, own, tell);
  };
  const myId = people.find(({ name }) => name === own.name)?.id ?? "";
  return html`
    <div class="reactions" slot="reactions">
      ${reactions.map(
        ({ emoji, userIds }) => html`
          <button class=${userIds.includes(myId) ? "own" : ""} title=${userIds.map((user) => context.names.user(user) ?? "somebody").join(", ")} @click=${() => react(emoji)}>
            <span>${shown(emoji)}</span><b>${userIds.length}</b>
          </button>
        `,
      )}
      ${isChoosing ? html`<div class="choose">${EMOJI.map((emoji) => html`<button title="React with ${emoji}" @click=${() => react(emoji)}>${emoji}</button>`)}</div>` : nothing}
    </div>
  `;
}

/** `name:id` is a custom one, whose picture is elsewhere. */
function shown(emoji: string): string {
  return /^\w+:\d+$/.test(emoji) ? `:${emoji.split(":")[0]}:` : emoji;
}

export function renderThread(
  { id }: StoredMessage,
  { threads, tell, countOf }: MessageContext,
): TemplateResult | typeof nothing {
  const thread = threads.find((one) => one.id === id);
  if (thread === undefined) return nothing;
  const count = countOf(id);
  return html`
    <button class="branch" slot="thread" @click=${() => tell({ kind: "select", placeId: id })}>
      ${icon("thread")}<b>${thread.name}</b><span>${count} ${count === 1 ? "message" : "messages"} ›</span>
    </button>
  `;
}
