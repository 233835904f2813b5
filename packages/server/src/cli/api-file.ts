/** Works on the file of a server that is not running: the same routes, without a socket and without anybody who sends. */
import { existsSync } from "node:fs";
import { openSqliteStore, type SqliteStore, StoreError } from "@tocsin/core/sqlite";
import { createSystemClock } from "@tocsin/core/stages";
import { pino } from "pino";
import { parseDatabaseUrl } from "../config/database-url.ts";
import { readEnvironment } from "../config/environment.ts";
import { deadLetterRoutes } from "../http/dead-letters.ts";
import { historyRoutes } from "../http/history.ts";
import { createHttp } from "../http/server.ts";
import { readVersion } from "../version.ts";
import { type Api, type ApiOptions, createApi } from "./api.ts";
import { CommandError } from "./command-error.ts";
import { ASKED_EXIT } from "./exit-code.ts";

/** @param file path or `sqlite:` URL */
export async function openFileApi(file: string, options: ApiOptions): Promise<Api> {
  const location = parseDatabaseUrl(file);
  if (!location.ok) throw new CommandError(ASKED_EXIT.usage, `--database ${file} ${location.problem}.`);
  if (!existsSync(location.path)) {
    throw new CommandError(ASKED_EXIT.unreachable, `There is no file ${location.path}. Name the one in DATABASE_URL.`);
  }
  const store = open(location.path, options);
  const clock = createSystemClock();
  const http = await createHttp({
    logger: pino({ level: "silent" }),
    clock,
    version: readVersion(),
    routes: (routes) => {
      const { history, deadLetters, sweep } = store;
      historyRoutes(routes, { clock, history, sweep });
      deadLetterRoutes(routes, { deadLetters, replay: replayIn(store) });
    },
  });
  return createApi(
    async ({ method, url, body }) => {
      const json = body === null ? {} : { payload: body, headers: { "content-type": "application/json" } };
      const answer = await http.inject({ method, url, ...json });
      return { status: answer.statusCode, text: answer.body };
    },
    async () => {
      await http.close();
      await store.close();
    },
  );
}

function open(path: string, { env, duties }: ApiOptions): SqliteStore {
  const { historyKeepMs: keepMs, historyArchiveFolder: archiveFolder } = duties?.archives
    ? readEnvironment(env)
    : { historyKeepMs: Number.POSITIVE_INFINITY, historyArchiveFolder: null };
  try {
    return openSqliteStore({ database: path, clock: createSystemClock(), keepMs, archiveFolder });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const hint = error.code === "STORE_IN_USE" ? " To ask the server that uses it, leave --database out." : "";
    throw new CommandError(ASKED_EXIT.unreachable, error.message + hint);
  }
}

/** The new deliveries wait in the outbox for the next start of the server. */
function replayIn({ deadLetters }: SqliteStore) {
  return async (...[selection, options]: Parameters<SqliteStore["deadLetters"]["replay"]>) => {
    const { records, refused } = await deadLetters.replay(selection, options);
    return { replayed: records.map(({ id }) => id), refused };
  };
}
