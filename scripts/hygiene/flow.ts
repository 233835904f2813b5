/**
 * The flow rule of the library: folders are stages in the order in which data meets them, and a file imports only
 * from its own stage or from stages before it. Checked by packages/core/src/flow.test.ts. With it, the rule for packages that keep to themselves.
 *
 * Pure: the sources are passed in.
 */
import { posix } from "node:path";
import { Visitor } from "rolldown/utils";
import { importsOf, parse, type Source } from "./source.ts";

/** Data goes right; imports may only go left. Files beside these folders come after all of them. */
export const FLOW = [
  "errors",
  "clock",
  "signal",
  "detector",
  "alert",
  "notification",
  "route",
  "message",
  "delivery",
  "channel",
  "history",
  "store",
  "config",
  // What keeps a notification from being told now: it decides with the words of route, and keeps what it knows in a store's memory.
  "withhold",
  // Names and shapes of earlier systems, in terms of everything before; adapters tell in the same words.
  "preset",
  // The tracker of a program's components stands in front of the whole flow, as the notifier does: it says what to tell.
  "health",
  "adapter",
  // Puts the stages together; `thread` is the same notifier in a thread of its own.
  "notifier",
  "thread",
] as const;

const UNKNOWN = -1;
/** The package's own name and version may be read by anyone. */
const MANIFEST = "../package.json";
/** Names that read a clock, wait or draw by chance, wherever they come from. */
const IMPURE_NAMES = new Set([
  "setTimeout",
  "setInterval",
  "performance",
  "hrtime",
  "randomUUID",
  "randomBytes",
  "randomInt",
  "randomFillSync",
  "getRandomValues",
]);
const IMPURE_MEMBERS = new Set(["Date.now", "Math.random", "AbortSignal.timeout"]);
const IMPURE_MODULES = new Set(["node:timers", "node:timers/promises", "node:perf_hooks"]);

/** Files in folders that are no stage of the flow. */
export function strangers(sources: readonly Source[]): string[] {
  return sources.map(({ path }) => path).filter((path) => stageOf(path) === UNKNOWN);
}

/** Imports of a later stage, and imports from outside the folder that the flow lies in. */
export function backImports(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source)
      .filter((target) => target.startsWith("."))
      .map((target) => posix.join(posix.dirname(source.path), target))
      .filter((target) => target !== MANIFEST)
      .filter((target) => target.startsWith("..") || stageOf(target) > stageOf(source.path))
      .map((target) => `${source.path} -> ${target}`),
  );
}

/** Imports of a package that must keep to itself: of one named in `others`, or of a file outside its own folder. */
export function foreignImports(sources: readonly Source[], others: readonly string[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source)
      .filter((target) => {
        if (target.startsWith(".")) return posix.join(posix.dirname(source.path), target).startsWith("../../");
        return others.some((name) => target === name || target.startsWith(`${name}/`));
      })
      .map((target) => `${source.path} -> ${target}`),
  );
}

/** Uses of time and chance outside `clock/`. */
export function impureUses(sources: readonly Source[]): string[] {
  return sources
    .filter(({ path }) => !path.startsWith("clock/"))
    .flatMap((source) => [...impureNames(source)].map((name) => `${source.path}: ${name}`));
}

function impureNames(source: Source): Set<string> {
  const found = new Set(importsOf(source).filter((target) => IMPURE_MODULES.has(target)));
  new Visitor({
    Identifier({ name }) {
      if (IMPURE_NAMES.has(name)) found.add(name);
    },
    MemberExpression({ object, property }) {
      if (object.type !== "Identifier") return;
      const member = `${object.name}.${nameOf(property)}`;
      if (IMPURE_MEMBERS.has(member)) found.add(member);
    },
    VariableDeclarator({ id, init }) {
      if (id.type !== "ObjectPattern" || init?.type !== "Identifier") return;
      for (const property of id.properties) {
        const member = property.type === "Property" ? `${init.name}.${nameOf(property.key)}` : "";
        if (IMPURE_MEMBERS.has(member)) found.add(member);
      }
    },
    NewExpression({ callee, arguments: passed }) {
      if (callee.type === "Identifier" && callee.name === "Date" && passed.length === 0) found.add("new Date()");
    },
    CallExpression({ callee }) {
      if (callee.type === "Identifier" && callee.name === "Date") found.add("Date()");
    },
  }).visit(parse(source));
  return found;
}

/** Of a property that is written as a name or as a text; nothing for one that is computed. */
function nameOf(property: { readonly type: string; readonly name?: unknown; readonly value?: unknown }): string {
  return String((property.type === "Identifier" ? property.name : property.value) ?? "");
}

function stageOf(path: string): number {
  const [folder = "", ...rest] = path.split("/");
  return rest.length === 0 ? FLOW.length : (FLOW as readonly string[]).indexOf(folder);
}
