/** Lists in pages: a cursor says where the next one begins, and stays valid whatever is added meanwhile. */
import { type Page, QueryError } from "@tocsin/core/sqlite";
import { z } from "zod";
import { ProblemError } from "./problems.ts";

export const MAX_PAGE = 500;

/** The query of every list. Strict: a filter with a typing error would otherwise answer with everything. */
export const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100).meta({ description: "How many at most." }),
  cursor: z.string().max(500).optional().meta({ description: "`next_cursor` of the page before." }),
});

export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    next_cursor: z.string().nullable().meta({ description: "`null` on the last page." }),
  });
}

/** A page as the notification store gives it. @throws ProblemError `bad-cursor` */
export async function storePage<Row, Item>(
  read: () => Promise<Page<Row>>,
  toJson: (row: Row) => Item,
): Promise<{ items: Item[]; next_cursor: string | null }> {
  try {
    const { items, next } = await read();
    return { items: items.map(toJson), next_cursor: next };
  } catch (error) {
    if (error instanceof QueryError) throw badCursor();
    throw error;
  }
}

/** Cuts a page out of a list that was read with one item more than wanted. */
export function cutPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { item, key }: { readonly item: (row: Row) => Item; readonly key: (row: Row) => unknown },
): { items: Item[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    items: shown.map(item),
    next_cursor: more ? Buffer.from(JSON.stringify(key(last))).toString("base64url") : null,
  };
}

/** @throws ProblemError `bad-cursor` */
export function readCursor<Key>(cursor: string | undefined, schema: z.ZodType<Key>): Key | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch {
    throw badCursor();
  }
}

function badCursor(): ProblemError {
  return new ProblemError("bad-cursor", "Use `next_cursor` of the page before as it was given, or leave `cursor` out.");
}
