/** Blocks for channels that have no form of their own for them. Pure. */
import type { Block } from "../notification/notification.ts";

/** The code, or `words: link`. */
export function plainBlock(block: Block): string {
  if (block.kind === "code" || block.text === block.url) return block.text;
  return `${block.text}: ${block.url}`;
}
