/** One message. */
import { html, nothing, type TemplateResult } from "lit";
import { SUPPRESS_NOTIFICATIONS } from "../../form/flags.ts";
import type { StoredMessage } from "../../world/message.ts";
import { type Names, renderMarkdown } from "../markdown.ts";
import { avatarOf } from "../pictures.ts";
import { rings } from "../state.ts";
import { timeOfDay, whenSaid } from "../time.ts";
import { renderAttachments } from "./attachments.ts";
import { renderComponents } from "./components.ts";
import { renderEmbed } from "./embed.ts";
import { icon } from "./icons.ts";
import { renderPoll } from "./poll.ts";

export interface MessageContext {
  readonly names: Names;
  /** Where the emulator is reached: pictures from there are loaded, others are not. */
  readonly ownUrl: string;
  /** It stands under the name of the message before. */
  readonly isContinued?: boolean;
}

export function renderMessage(message: StoredMessage, context: MessageContext): TemplateResult {
  const { username, avatarUrl, createdAt, content } = message;
  const { isContinued = false } = context;
  return html`
    <discord-message
      data-id=${message.id}
      author=${username}
      avatar=${avatarOf(username, avatarUrl)}
      .timestamp=${isContinued ? timeOfDay(createdAt) : whenSaid(createdAt)}
      bot
      ?edited=${message.editedAt !== null}
      ?highlight=${rings(message)}
      ?message-body-only=${isContinued}
    >
      ${content === "" ? nothing : html`<span class="content">${renderMarkdown(content, context.names)}</span>`}
      ${renderPings(message)}
      ${renderAttachments(message, context)}
      ${message.shownEmbeds.map((embed) => renderEmbed(embed, context))}
      ${renderHidden(message)}
      ${renderComponents(message.components, context)}
      ${message.poll === null ? nothing : renderPoll(message.poll)}
    </discord-message>
  `;
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
