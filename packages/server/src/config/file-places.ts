/**
 * Says where in `tocsin.yaml` something stands, and what may have been meant by a setting that there is not.
 *
 * Upstream   file.ts, with the document and the schema. Pure.
 */
import { type Document, isMap, isNode, isScalar, type LineCounter, type Node } from "yaml";
import { z } from "zod";

export type Path = readonly PropertyKey[];

export interface Places {
  /** `routes[2].quiet_hours (line 7)`; of what is left out the line of what it should be in. */
  of(path: Path): string;
  /** Of the setting's own name. */
  ofKey(path: Path, key: string): string;
}

export function createPlaces(document: Document, lines: LineCounter): Places {
  const at = (path: Path, node: Node | null): string => {
    const offset = node?.range?.[0];
    const name = nameOf(path);
    return offset === undefined || path.length === 0 ? name : `${name} (line ${lines.linePos(offset).line})`;
  };

  function nodeAt(path: Path): Node | null {
    const found: unknown = path.length === 0 ? document.contents : document.getIn([...path], true);
    if (isNode(found)) return found;
    return path.length === 0 ? null : nodeAt(path.slice(0, -1));
  }

  return {
    of: (path) => at(path, nodeAt(path)),
    ofKey(path, key) {
      const map = nodeAt(path);
      const pair = isMap(map) ? map.items.find((one) => isScalar(one.key) && String(one.key.value) === key) : undefined;
      return at([...path, key], isNode(pair?.key) ? pair.key : map);
    },
  };
}

/** `routes[2].quiet_hours` */
function nameOf(path: Path): string {
  const name = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return name === "" ? "the file" : name.replace(/^\./, "");
}

type JsonSchema = { readonly properties?: Record<string, unknown>; readonly items?: unknown };

/** What settings there are at this place. */
export function settingsAt(schema: z.ZodType, path: Path): readonly string[] {
  let here = z.toJSONSchema(schema, { io: "input" }) as JsonSchema | undefined;
  for (const step of path) {
    const inside = typeof step === "number" ? here?.items : here?.properties?.[String(step)];
    here = inside as JsonSchema | undefined;
  }
  return Object.keys(here?.properties ?? {});
}

/** The one that it resembles, if it resembles one. */
export function nearest(word: string, known: readonly string[]): string | null {
  const [best] = known
    .map((one) => ({ one, changes: changesBetween(word.toLowerCase().replaceAll("-", "_"), one) }))
    .sort((a, b) => a.changes - b.changes);
  return best !== undefined && best.changes <= Math.max(1, Math.floor(best.one.length / 3)) ? best.one : null;
}

/** How many letters have to be put in, taken out, replaced or exchanged with the next one to make one of the other. */
function changesBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        rows[i - 1]![j]! + 1,
        row[j - 1]! + 1,
        rows[i - 1]![j - 1]! + same,
        isSwapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY,
      );
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
