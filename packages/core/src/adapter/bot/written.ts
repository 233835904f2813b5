/**
 * What presses have written into messages of late. Discord sends each press with the message as its presser saw it: of two who press at once,
 * the second would otherwise wipe out what the first one's press has written.
 */
import type { AlertAction } from "../../alert/desk.ts";
import type { PressedMessage } from "./incoming.ts";

export interface Writing {
  /** Told in this order, those of others before one's own. */
  readonly lines: readonly string[];
  readonly disable: readonly AlertAction[];
}

export interface Written {
  /** Whether others have written what the presser has not seen. */
  hasNews(message: PressedMessage): boolean;
  /** The whole of what is to be written, with what the presser has not seen. */
  add(message: PressedMessage, writing: Writing): Writing;
}

/** Messages remembered; presses that cross come within a second of each other. */
const REMEMBERED = 100;
const NOTHING: Writing = { lines: [], disable: [] };

export function createWritten(): Written {
  const byMessage = new Map<string, Writing>();

  function unseen({ id, content }: PressedMessage): readonly string[] {
    const { lines } = byMessage.get(id) ?? NOTHING;
    return lines.filter((line) => !content.includes(line));
  }

  return {
    hasNews: (message) => unseen(message).length > 0,
    add(message, { lines, disable }) {
      const known = byMessage.get(message.id) ?? NOTHING;
      const disabled = [...new Set([...known.disable, ...disable])];
      byMessage.delete(message.id);
      byMessage.set(message.id, { lines: [...known.lines, ...lines], disable: disabled });
      if (byMessage.size > REMEMBERED) byMessage.delete(byMessage.keys().next().value ?? "");
      return { lines: [...unseen(message).filter((line) => !lines.includes(line)), ...lines], disable: disabled };
    },
  };
}
