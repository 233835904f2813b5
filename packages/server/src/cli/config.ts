/** `tocsin config`: whether the configuration is right, and the form of its file. */
import { createNotifier } from "@tocsin/core";
import { ConfigError } from "@tocsin/core/stages";
import { z } from "zod";
import { type Environment, readEnvironment } from "../config/environment.ts";
import { type FileOptions, readConfigFile } from "../config/file.ts";
import { fileSchema } from "../config/file-schema.ts";
import { readKeys } from "../secrets/keys.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Lists every mistake; nothing is sent, and no server is needed. */
export async function checkConfig({ env, out, err }: Io): Promise<ExitCode> {
  const problems = await configurationProblems(env);
  if (problems.length === 0) {
    const file = fileOf(env);
    out(
      file !== null
        ? `The environment and ${file} are right.\n`
        : "The environment is right; TOCSIN_CONFIG names no file.\n",
    );
    return ASKED_EXIT.done;
  }
  for (const problem of problems) err(`- ${problem.replace(/\.$/, "")}.\n`);
  return ASKED_EXIT.usage;
}

/** Every mistake in the environment and the file; no secret is in them. */
export async function configurationProblems(env: Environment): Promise<readonly string[]> {
  return [...problemsOf(() => readEnvironment(env)), ...keyProblems(env), ...(await routingProblems(env))];
}

/** JSON Schema of `tocsin.yaml`, for editors. */
export function printSchema({ out }: Pick<Io, "out">): ExitCode {
  out(`${JSON.stringify(z.toJSONSchema(fileSchema, { io: "input" }), null, 2)}\n`);
  return ASKED_EXIT.done;
}

function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** A server starts with it all the same. */
function keyProblems(env: Environment): readonly string[] {
  const ring = readKeys(env["ENCRYPTION_KEY"]);
  return ring.kind === "none" && ring.isMistake ? [ring.problem] : [];
}

/** Also where the rest of the environment is wrong. */
function fileOf(env: Environment): string | null {
  return env["TOCSIN_CONFIG"]?.trim() || null;
}

/** Those of the file, of routes taken together, and of addresses that are of no use. */
async function routingProblems(env: Environment): Promise<readonly string[]> {
  let file: FileOptions = {};
  const ofFile = problemsOf(() => {
    file = readConfigFile(fileOf(env), env);
  });
  try {
    return [...ofFile, ...(await notifierProblems(env, file))];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // Routes that cannot be: what the variables say is still to be told.
    return [...ofFile, ...error.problems, ...(await notifierProblems(env, {}))];
  }
}

async function notifierProblems(env: Environment, file: FileOptions): Promise<readonly string[]> {
  const notifier = createNotifier({ ...file, env, logger: SILENT, validateOnStart: false });
  await notifier.close();
  return notifier.problems;
}
