/**
 * Reads `tocsin.yaml`, the file that `TOCSIN_CONFIG` names: destinations, routes, inhibition, maintenance and the time zone. Every mistake is told with its
 * place, and no value is, as it may be a secret.
 *
 * Upstream   the environment and the file. Downstream the notifier's options.
 */
import { readFileSync } from "node:fs";
import type { NotifierOptions } from "@tocsin/core";
import { ConfigError } from "@tocsin/core/stages";
import { type Document, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { type Environment, VARIABLES } from "./environment.ts";
import { createPlaces, nearest, type Path, type Places, settingsAt } from "./file-places.ts";
import { type FileContents, fileSchema } from "./file-schema.ts";

export type FileOptions = Pick<NotifierOptions, "timeZone" | "destinations" | "routes" | "inhibit" | "maintenance">;

/** `${NAME}`, in any text of the file. */
const REFERENCE = /\$\{(\w+)\}/g;
const MAX_ALIASES = 50;

/**
 * What the file says; nothing without one.
 *
 * @throws {@link ConfigError} `CONFIG_FILE`, naming each mistake by its place
 */
export function readConfigFile(path: string | null, env: Environment): FileOptions {
  if (path === null) return {};
  const { options, problems } = parseConfigFile(readFileText(path), env);
  if (options === null) throw new ConfigError("CONFIG_FILE", problems);
  return options;
}

export interface FileReading {
  /** `null` where something is wrong. */
  readonly options: FileOptions | null;
  /** Each with its place. */
  readonly problems: readonly string[];
  /** As it was written, with the variables filled in. */
  readonly contents: Readonly<Record<string, unknown>>;
  readonly places: Places;
}

/** @throws {@link ConfigError} `CONFIG_FILE` when it is no YAML at all */
export function parseConfigFile(text: string, env: Environment): FileReading {
  const { document, places } = yamlOf(text);
  const problems: string[] = [];
  const contents = filledIn(plain(document), { env, problems, places });
  const read = fileSchema.safeParse(contents);
  if (!read.success) problems.push(...read.error.issues.flatMap((issue) => described(issue, places)));
  const options = read.success && problems.length === 0 ? optionsOf(read.data) : null;
  const isMap = typeof contents === "object" && contents !== null && !Array.isArray(contents);
  return { options, problems, contents: isMap ? (contents as Record<string, unknown>) : {}, places };
}

function described(issue: z.core.$ZodIssue, places: Places): readonly string[] {
  if (issue.code !== "unrecognized_keys") return [`${places.of(issue.path)}: ${issue.message}`];
  const known = settingsAt(fileSchema, issue.path);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    const variable = issue.path.length === 0 ? variableFor(key) : null;
    if (variable !== null) return `${places.ofKey(issue.path, key)}: is set by the environment variable ${variable}`;
    const instead = meant === null ? `there are ${known.join(", ")}` : `did you mean ${meant}?`;
    return `${places.ofKey(issue.path, key)}: there is no such setting; ${instead}`;
  });
}

/** What is no setting of the file because it cannot change while the server runs. */
function variableFor(key: string): string | null {
  const name = key.toUpperCase().replaceAll("-", "_");
  return VARIABLES.find((variable) => variable === name || variable === `${name}_URL`) ?? null;
}

/** @throws {@link ConfigError} `CONFIG_FILE` */
export function readFileText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new ConfigError("CONFIG_FILE", [`TOCSIN_CONFIG names ${path}, which cannot be read (${code})`]);
  }
}

function yamlOf(text: string): { readonly document: Document; readonly places: Places } {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const problems = document.errors.map(({ message }) => {
    const [said = message] = message.split("\n");
    const [, what = said, where] = /^(.*?) at (line \d+, column \d+):?$/.exec(said) ?? [];
    return where === undefined ? what : `${where}: ${what}`;
  });
  if (problems.length > 0) throw new ConfigError("CONFIG_FILE", problems);
  return { document, places: createPlaces(document, lines) };
}

function plain(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch {
    throw new ConfigError("CONFIG_FILE", ["it has too many aliases"]);
  }
}

interface Filling {
  readonly env: Environment;
  readonly problems: string[];
  readonly places: Places;
}

/** The same with `${NAME}` replaced by the variable of that name. */
function filledIn(value: unknown, filling: Filling, path: Path = []): unknown {
  if (typeof value === "string") return filledText(value, filling, path);
  if (Array.isArray(value)) return value.map((one, index) => filledIn(one, filling, [...path, index]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, filling, [...path, key])]));
}

function filledText(text: string, { env, problems, places }: Filling, path: Path): string {
  return text.replace(REFERENCE, (reference, name: string) => {
    const value = env[name];
    if (value !== undefined && value !== "") return value;
    problems.push(`${places.of(path)}: the environment variable ${name} is not set`);
    return reference;
  });
}

function optionsOf({ time_zone: timeZone, destinations, routes, inhibit, maintenance }: FileContents): FileOptions {
  return {
    ...(timeZone !== undefined && { timeZone }),
    ...(destinations !== undefined && { destinations }),
    ...(inhibit !== undefined && { inhibit }),
    ...(maintenance !== undefined && { maintenance }),
    ...(routes !== undefined && {
      routes: routes.map(({ active_times, mute_times, quiet_hours, ...same }) => ({
        ...same,
        activeTimes: active_times,
        muteTimes: mute_times,
        quietHours: quiet_hours,
      })),
    }),
  };
}
