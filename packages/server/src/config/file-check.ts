/**
 * Every mistake of `tocsin.yaml` at once, each with its place: those of its form, and those that only a notifier finds, such as addresses that are of
 * no use and routes that lead nowhere. What is of the right form is tried although other parts are not.
 *
 * Upstream   `tocsin config check`, a start that fails, a reload. Downstream a notifier that sends nothing.
 */
import { createNotifier, type NotifierOptions } from "@tocsin/core";
import { ConfigError } from "@tocsin/core/stages";
import type { Environment } from "./environment.ts";
import { type FileReading, parseConfigFile, readFileText } from "./file.ts";
import type { Path, Places } from "./file-places.ts";

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
/** Leads somewhere, and no further. */
const ANYWHERE = "console:";

/** One each, without a full stop; no secret is in them. */
export async function checkConfigFile(
  path: string,
  env: Environment,
  given: NotifierOptions = {},
): Promise<readonly string[]> {
  try {
    return await checkFileText(readFileText(path), env, given);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Those of the variables alone, as far as they concern where notifications go. */
export async function notifierProblems(env: Environment, options: NotifierOptions = {}): Promise<readonly string[]> {
  const notifier = createNotifier({ ...options, env, logger: SILENT, validateOnStart: false });
  await notifier.close();
  return notifier.problems;
}

/**
 * @param given what takes precedence over the file
 * @throws ConfigError when it is no YAML at all
 */
export async function checkFileText(
  text: string,
  env: Environment,
  given: NotifierOptions = {},
): Promise<readonly string[]> {
  const file = parseConfigFile(text, env);
  const { options, places } = file;
  const ofRules = options === null ? [] : await ruleProblems({ ...options, ...standInsFor(given) }, { env, places });
  const found = [...file.problems, ...ofRules, ...(await destinationProblems(file, env, given))];
  return inOrder(found.map((problem) => problem.replace(/\.$/, "")));
}

interface Checking {
  readonly env: Environment;
  readonly places: Places;
}

/** The same names, and nothing that belongs to others. */
function standInsFor({ webhookUrl, webhooks, severities }: NotifierOptions): NotifierOptions {
  const anywhere = (named: object = {}) => Object.fromEntries(Object.keys(named).map((name) => [name, ANYWHERE]));
  return {
    ...(webhookUrl !== undefined && { webhookUrl: ANYWHERE }),
    ...(webhooks !== undefined && { webhooks: anywhere(webhooks) }),
    ...(severities !== undefined && { severities: anywhere(severities) }),
  };
}

/** Of routes, inhibition and maintenance taken together. */
async function ruleProblems(options: NotifierOptions, { env, places }: Checking): Promise<readonly string[]> {
  try {
    await notifierProblems(env, options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map((problem) => placed(problem, places));
    throw error;
  }
}

/** `routes[2].quietHours: …` as the file calls it, with its line. */
function placed(problem: string, places: Places): string {
  const [, list, index, setting, what] = /^([a-zA-Z]+)(?:\[(\d+)\])?(?:\.(\w+))?: (.*)$/s.exec(problem) ?? [];
  if (list === undefined || what === undefined) return problem;
  const path = [list, index === undefined ? undefined : Number(index), setting].filter((step) => step !== undefined);
  return `${places.of(path.map((step) => (typeof step === "string" ? snakeCase(step) : step)))}: ${what}`;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Of addresses, and of names that lead to none; also where the rest of the file is wrong. */
async function destinationProblems(
  file: FileReading,
  env: Environment,
  standing: NotifierOptions,
): Promise<readonly string[]> {
  const { places } = file;
  const destinations = textsOf(file.contents["destinations"]);
  const given = Array.isArray(file.contents["routes"]) ? (file.contents["routes"] as readonly unknown[]) : [];
  const routes = given.flatMap((route, index) => {
    const { to, fallback } = (route ?? {}) as { readonly to?: unknown; readonly fallback?: unknown };
    const wanted = [to].flat().filter(isText);
    // Its name says where it stands.
    const named = { name: `${index}`, to: wanted, ...(isText(fallback) && { fallback }) };
    return wanted.length === 0 ? [] : [named];
  });
  const subjects = subjectsOf(destinations, routes);
  const ofVariables = new Set(await notifierProblems(env));
  const found = await notifierProblems(env, { ...standInsFor(standing), destinations, routes });
  return found
    .filter((problem) => !ofVariables.has(problem))
    .flatMap((problem) => {
      const [, route, which, name] = /^The route (\d+)( fallback)? leads to "(.*)", which is/.exec(problem) ?? [];
      if (route !== undefined && name !== undefined) {
        if (Object.hasOwn(destinations, name)) return [];
        const path = which === undefined ? toPath(given, Number(route), name) : ["routes", Number(route), "fallback"];
        return [`${places.of(path)}: ${problem.slice(problem.indexOf(' "') + 1).replace('", which is', '" is')}`];
      }
      const subject = subjects.find(({ says }) => problem.startsWith(says));
      return [subject === undefined ? problem : `${places.of(subject.path)} ${problem.slice(subject.says.length)}`];
    });
}

/** How problems with addresses begin, and where those stand; the longest names first, as one may begin with another. */
function subjectsOf(destinations: Readonly<Record<string, string>>, routes: readonly { readonly name: string }[]) {
  const named = Object.keys(destinations).map((name): [string, Path] => [name, ["destinations", name]]);
  const ofRoutes = routes.flatMap(({ name }): [string, Path][] => [
    [name, ["routes", Number(name), "to"]],
    [`${name} fallback`, ["routes", Number(name), "fallback"]],
  ]);
  return [...named, ...ofRoutes]
    .toSorted(([a], [b]) => b.length - a.length)
    .map(([name, path]) => ({ says: `The destination for ${name} `, path }));
}

function toPath(routes: readonly unknown[], index: number, name: string): Path {
  const { to } = routes[index] as { readonly to: unknown };
  return Array.isArray(to) ? ["routes", index, "to", to.indexOf(name)] : ["routes", index, "to"];
}

/** What is wrong as such has been told; whatever leads there is right. */
function textsOf(destinations: unknown): Readonly<Record<string, string>> {
  if (typeof destinations !== "object" || destinations === null || Array.isArray(destinations)) return {};
  return Object.fromEntries(
    Object.entries(destinations).map(([name, text]) => [name, isText(text) && !text.includes("${") ? text : ANYWHERE]),
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

/** As they stand in the file. */
function inOrder(problems: readonly string[]): readonly string[] {
  const lineOf = (problem: string): number => Number(/\(line (\d+)\)/.exec(problem)?.[1] ?? 0);
  return problems.toSorted((a, b) => lineOf(a) - lineOf(b));
}
