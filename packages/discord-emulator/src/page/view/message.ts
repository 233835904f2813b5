/** One message. */
import { html, nothing, type TemplateResult } from "lit";
import { LOADING, SUPPRESS_NOTIFICATIONS } from "../../form/flags.ts";
import type { User } from "../../world/member.ts";
import type { StoredMessage } from "../../world/message.ts";
import type { Thread } from "../../world/places.ts";
import { type Names, renderMarkdown } from "../markdown.ts";
import type { Own } from "../own.ts";
import { avatarOf } from "../pictures.ts";
import { rings } from "../state.ts";
import { timeOfDay, whenSaid } from "../time.ts";
import type { Tell } from "./app.ts";
import { renderAttachments } from "./attachments.ts";
import { renderComponents } from "./components.ts";
import { renderEmbed } from "./embed.ts";
import { icon } from "./icons.ts";
import { renderPoll } from "./poll.ts";
import { renderReactions, renderThread } from "./reactions.ts";

export interface MessageContext {
  readonly names: Names;
  /** Where the emulator is reached: pictures from there are loaded, others are not. */
  readonly ownUrl: string;
  /** It stands under the name of the message before. */
  readonly isContinued?: boolean;
  readonly people: readonly User[];
  readonly threads: readonly Thread[];
  readonly own: Own;
  readonly tell: Tell;
  /** How many messages stand in a place. */
  readonly countOf: (placeId: string) => number;
  /** A message of the same place. */
  readonly messageOf: (id: string) => StoredMessage | undefined;
}

export function renderMessage(message: StoredMessage, context: MessageContext): TemplateResult {
  const { username, avatarUrl, createdAt, content } = message;
  const { isContinued = false } = context;
  return html`
    <discord-message
      class=${message.visibleTo === null ? "" : "private"}
      data-id=${message.id}
      author=${username}
      avatar=${avatarOf(username, avatarUrl)}
      .timestamp=${isContinued ? timeOfDay(createdAt) : whenSaid(createdAt)}
      ?bot=${message.author.kind !== "user"}
      ?edited=${message.editedAt !== null}
      ?highlight=${rings(message)}
      ?message-body-only=${isContinued}
    >
      ${renderOrigin(message, context)}
      ${renderTools(message, context)}
      ${(message.flags & LOADING) === 0 ? nothing : html`<span class="thinking">${username} is thinking…</span>`}
      ${content === "" ? nothing : html`<span class="content">${renderMarkdown(content, context.names)}</span>`}
      ${renderPings(message)}
      ${renderAttachments(message, context)}
      ${message.shownEmbeds.map((embed) => renderEmbed(embed, context))}
      ${renderHidden(message)}
      ${renderComponents(message, context)}
      ${message.poll === null ? nothing : renderPoll(message.poll)}
      ${renderReactions(message, context)}
      ${renderThread(message, context)}
      ${renderVisibility(message, context)}
    </discord-message>
  `;
}

/** The message that is answered, or the command that was used. */
function renderOrigin({ replyTo, cause }: StoredMessage, { names, messageOf }: MessageContext) {
  if (cause !== null && cause.name !== "") {
    const who = names.user(cause.userId) ?? "somebody";
    return html`<div class="origin" slot="reply"><img src=${avatarOf(who, null)} alt="" /><b>${who}</b> used <code>/${cause.name}</code></div>`;
  }
  if (replyTo === null) return nothing;
  const answered = messageOf(replyTo);
  if (answered === undefined)
    return html`<div class="origin" slot="reply"><i>The message is not here any more</i></div>`;
  const { username, avatarUrl, content, embeds } = answered;
  return html`<div class="origin" slot="reply"><img src=${avatarOf(username, avatarUrl)} alt="" /><b>${username}</b><span>${content || embeds[0]?.title || "Click to see attachment"}</span></div>`;
}

function renderTools({ id, visibleTo }: StoredMessage, { tell, own }: MessageContext) {
  if (visibleTo !== null) return nothing;
  const next = own.reactingTo === id ? null : id;
  return html`<span class="tools"><button title="Add a reaction" @click=${() => tell({ kind: "reacting", messageId: next })}>${icon("smile")}</button></span>`;
}

function renderVisibility({ id, visibleTo }: StoredMessage, { names, own, tell }: MessageContext) {
  if (visibleTo === null) return nothing;
  const who = names.user(visibleTo);
  const dismiss = () => tell({ kind: "dismiss", messageId: id });
  return html`<small class="only" slot="thread">${icon("eye")}Only ${who === own.name ? "you" : who} can see this ·
    <button @click=${dismiss}>Dismiss message</button></small>`;
}

/** Who was really rung, which the text alone does not tell. */
function renderPings(message: StoredMessage): TemplateResult | typeof nothing {
  const { pings, content, flags } = message;
  if (!rings(message)) {
    return /@everyone|@here|<@[!&]?\d+>/.test(content)
      ? html`<span class="ping silent" title="allowed_mentions lets none of these mentions ring">${icon("mute")}no ping</span>`
      : nothing;
  }
  const rung = [
    ...(pings.everyone ? ["@everyone"] : []),
    ...(pings.here ? ["@here"] : []),
    ...(pings.users.length > 0 ? [plural(pings.users.length, "user")] : []),
    ...(pings.roles.length > 0 ? [plural(pings.roles.length, "role")] : []),
  ];
  const quietly = (flags & SUPPRESS_NOTIFICATIONS) !== 0 ? ", without notification" : "";
  return html`<span class="ping" title="These pings really fired">${icon("bell")}pinged ${rung.join(", ")}${quietly}</span>`;
}

function renderHidden({ embeds, shownEmbeds }: StoredMessage): TemplateResult | typeof nothing {
  const hidden = embeds.length - shownEmbeds.length;
  if (hidden === 0) return nothing;
  const why =
    shownEmbeds.length === 0 ? "suppressed by its flags" : "not shown, for Discord shows only the first of a URL";
  return html`<small class="hidden" slot="embeds">${plural(hidden, "embed")} ${why}</small>`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
