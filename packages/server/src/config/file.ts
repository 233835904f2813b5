/**
 * Reads `tocsin.yaml`, the file that `TOCSIN_CONFIG` names: destinations, routes, inhibition, maintenance and the time zone. Every mistake is told with its
 * place, and no value is, as it may be a secret.
 *
 * Upstream   the environment and the file. Downstream the notifier's options.
 */
import { readFileSync } from "node:fs";
import type { NotifierOptions } from "@tocsin/core";
import { ConfigError } from "@tocsin/core/stages";
import { parseDocument } from "yaml";
import type { Environment } from "./environment.ts";
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
  return path === null ? {} : parseConfigFile(textOf(path), env);
}

/** @throws {@link ConfigError} `CONFIG_FILE` */
export function parseConfigFile(text: string, env: Environment): FileOptions {
  const problems: string[] = [];
  const contents = filledIn(yamlOf(text), { env, problems });
  const read = fileSchema.safeParse(contents);
  if (!read.success) problems.push(...read.error.issues.map(({ path, message }) => `${placeOf(path)}: ${message}`));
  if (!read.success || problems.length > 0) throw new ConfigError("CONFIG_FILE", problems);
  return optionsOf(read.data);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw new ConfigError("CONFIG_FILE", [`TOCSIN_CONFIG names ${path}, which cannot be read (${code})`]);
  }
}

function yamlOf(text: string): unknown {
  const document = parseDocument(text);
  const problems = document.errors.map(({ message }) => message.split("\n")[0]?.replace(/:$/, "") ?? message);
  if (problems.length > 0) throw new ConfigError("CONFIG_FILE", problems);
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {};
  } catch {
    throw new ConfigError("CONFIG_FILE", ["it has too many aliases"]);
  }
}

interface Filling {
  readonly env: Environment;
  readonly problems: string[];
}

/** The same with `${NAME}` replaced by the variable of that name. */
function filledIn(value: unknown, filling: Filling, path: readonly PropertyKey[] = []): unknown {
  if (typeof value === "string") return filledText(value, filling, path);
  if (Array.isArray(value)) return value.map((one, index) => filledIn(one, filling, [...path, index]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, filling, [...path, key])]));
}

function filledText(text: string, { env, problems }: Filling, path: readonly PropertyKey[]): string {
  return text.replace(REFERENCE, (reference, name: string) => {
    const value = env[name];
    if (value !== undefined && value !== "") return value;
    problems.push(`${placeOf(path)}: the environment variable ${name} is not set`);
    return reference;
  });
}

/** `routes[2].quiet_hours` */
function placeOf(path: readonly PropertyKey[]): string {
  const place = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("");
  return place === "" ? "the file" : place.replace(/^\./, "");
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
