/** Finds what a person can press under a message, and says what pressing it tells the bot. */
import { isRecord } from "../form/reader.ts";
import type { StoredMessage } from "../world/message.ts";

export interface Pressable {
  readonly id: number;
  /** 2 a button, 3 and 5 to 8 a menu. */
  readonly type: number;
  readonly customId: string;
}

const PRESSABLE: readonly number[] = [2, 3, 5, 6, 7, 8];

/** @throws Error when there is no such component, or it is disabled. */
export function findPressable({ components }: StoredMessage, customId: string): Pressable {
  const all: Record<string, unknown>[] = [];
  collect(components, all);
  const at = all.findIndex((one) => one["custom_id"] === customId && PRESSABLE.includes(Number(one["type"])));
  const found = all[at];
  if (found === undefined) {
    const others = all.flatMap((one) => (typeof one["custom_id"] === "string" ? [one["custom_id"]] : []));
    throw new Error(
      `The message has nothing with the custom id "${customId}"; it has: ${others.join(", ") || "none"}.`,
    );
  }
  if (found["disabled"] === true) throw new Error(`"${customId}" is disabled and cannot be pressed.`);
  return { id: Number(found["id"] ?? at + 1), type: Number(found["type"]), customId };
}

function collect(nodes: readonly unknown[], into: Record<string, unknown>[]): void {
  for (const node of nodes) {
    if (!isRecord(node)) continue;
    into.push(node);
    if (Array.isArray(node["components"])) collect(node["components"], into);
    if (isRecord(node["accessory"])) collect([node["accessory"]], into);
  }
}
