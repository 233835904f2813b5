/** Asks a running server over HTTP. */
import { type Api, createApi, type Exchange } from "./api.ts";
import { CommandError } from "./command-error.ts";
import { ASKED_EXIT } from "./exit-code.ts";

/** Replaying a hundred thousand dead letters takes a while. */
const TIMEOUT_MS = 300_000;

export function openServerApi(address: string): Api {
  if (!/^https?:\/\/[^/]/.test(address) || !URL.canParse(address)) {
    throw new CommandError(
      ASKED_EXIT.usage,
      `${address} is no address of a server: write it like http://127.0.0.1:8000.`,
    );
  }
  const base = address.replace(/\/+$/, "");

  async function exchange({ method, url, body }: Exchange) {
    try {
      const json = body === null ? {} : { body, headers: { "content-type": "application/json" } };
      const answer = await fetch(base + url, { method, ...json, signal: AbortSignal.timeout(TIMEOUT_MS) });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      throw new CommandError(
        ASKED_EXIT.unreachable,
        `No server answers at ${base} (${reasonOf(error)}). Start it with \`tocsin serve\`, name another with --server or ` +
          "TOCSIN_SERVER, or give --database FILE to work on the file of a server that is not running.",
      );
    }
  }

  return createApi(exchange, () => Promise.resolve());
}

/** The cause says more than `fetch failed`; of several addresses tried, the first one's. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  return first instanceof Error ? ((first as NodeJS.ErrnoException).code ?? first.message) : String(first);
}
