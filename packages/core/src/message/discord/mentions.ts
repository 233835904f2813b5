/**
 * Pings: the text that makes them and the permission that confines them. Discord pings only from `content`, never from
 * an embed, and only whom `allowed_mentions` lists; left out, it would ping whoever a text happens to name. Pure.
 */
import type { Mention, Notification } from "../../notification/notification.ts";
import { DISCORD_LIMITS } from "./limits.ts";
import type { NoteTaker } from "./note.ts";

export interface AllowedMentions {
  parse: "everyone"[];
  users?: string[];
  roles?: string[];
}

export interface Pings {
  /** Markup for the start of `content`; empty when nobody is to be pinged. */
  readonly text: string;
  readonly allowed: AllowedMentions;
}

/** The pings that all notifications of a message ask for, each once. */
export function pingsOf(notifications: readonly Notification[], note: NoteTaker): Pings {
  const allowed: AllowedMentions = { parse: [] };
  if (notifications.every(({ mentions }) => mentions.length === 0)) return { text: "", allowed };
  const texts: string[] = [];
  let chars = -1;
  for (const mention of new Set(notifications.flatMap(({ mentions }) => mentions))) {
    const text = markup(mention);
    // One more character for the space between.
    if (chars + 1 + text.length <= DISCORD_LIMITS.contentChars && allow(mention, allowed)) {
      texts.push(text);
      chars += 1 + text.length;
    } else {
      note("mention-left-out", mention);
    }
  }
  return { text: texts.join(" "), allowed };
}

function markup(mention: Mention): string {
  if (mention === "@here" || mention === "@everyone") return mention;
  const id = mention.slice(mention.indexOf(":") + 1);
  return mention.startsWith("role:") ? `<@&${id}>` : `<@${id}>`;
}

/** Lists a mention as allowed; false when the list is full. */
function allow(mention: Mention, allowed: AllowedMentions): boolean {
  if (mention === "@here" || mention === "@everyone") {
    allowed.parse = ["everyone"];
    return true;
  }
  const kind = mention.startsWith("role:") ? "roles" : "users";
  const ids = allowed[kind] ?? [];
  if (ids.length === DISCORD_LIMITS.allowedMentions) return false;
  allowed[kind] = [...ids, mention.slice(mention.indexOf(":") + 1)];
  return true;
}
