/** `tocsin config`: whether the configuration is right, and the form of its file. */
import { ConfigError } from "@tocsin/core/stages";
import { z } from "zod";
import { type Environment, readEnvironment } from "../config/environment.ts";
import { checkConfigFile, notifierProblems } from "../config/file-check.ts";
import { fileSchema } from "../config/file-schema.ts";
import { readKeys } from "../secrets/keys.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";

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
  const file = fileOf(env);
  return [
    ...problemsOf(() => readEnvironment(env)),
    ...keyProblems(env),
    ...(await notifierProblems(env)),
    ...(file === null ? [] : await checkConfigFile(file, env)),
  ];
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
