/**
 * Reads `tocsin.yaml` again and has the running notifier follow it: all of it, or with a mistake in it nothing. What comes from environment variables
 * stays as it was at the start.
 *
 * Upstream   SIGHUP. Downstream the notifier; the log, which says what has changed, or every mistake with its line.
 */
import type { Notifier, NotifierOptions } from "@tocsin/core";
import type { Logger } from "pino";
import type { Environment } from "./config/environment.ts";
import { readConfigFile } from "./config/file.ts";
import { checkConfigFile } from "./config/file-check.ts";

export interface ReloadParts {
  /** `null` without one. */
  readonly file: string | null;
  readonly env: Environment;
  readonly logger: Logger;
  readonly notifier: Pick<Notifier, "reconfigure">;
  /** What takes precedence over the file. */
  readonly given: NotifierOptions;
}

/** Never rejects. @returns whether the file is in force now */
export async function reload(parts: ReloadParts): Promise<boolean> {
  const { file, logger } = parts;
  try {
    if (file !== null) return await follow(file, parts);
    logger.warn("There is nothing to reload: TOCSIN_CONFIG names no file, and variables are read at the start only");
  } catch (error) {
    logger.error({ err: error, file }, "The configuration could not be reloaded, and stays as it was");
  }
  return false;
}

async function follow(file: string, { env, logger, notifier, given }: ReloadParts): Promise<boolean> {
  const mistakes = await checkConfigFile(file, env, given);
  const outcome =
    mistakes.length > 0
      ? ({ ok: false, problems: mistakes } as const)
      : await notifier.reconfigure({ ...readConfigFile(file, env), ...given });
  if (!outcome.ok) {
    for (const problem of outcome.problems) logger.error({ file }, problem);
    logger.error(
      { file, mistakes: outcome.problems.length },
      "The file has mistakes: the configuration stays as it was",
    );
    return false;
  }
  for (const note of outcome.notes) logger.warn({ file }, note);
  logger.info(
    { file, destinations: outcome.destinations },
    "The configuration file is in force. Variables (ports, database, secrets, …) are read at the start only",
  );
  return true;
}
