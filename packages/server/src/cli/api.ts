/**
 * What `tocsin dlq` and `tocsin history` ask: a running server over HTTP, or the file of one that is not running. Both answer in the
 * same words, as the second is the same routes over the file, without a socket.
 */
import type { Environment } from "../config/environment.ts";
import type { ProblemDetail } from "../http/problems.ts";
import { CommandError } from "./command-error.ts";
import { ASKED_EXIT } from "./exit-code.ts";

export type Query = Readonly<Record<string, string | readonly string[] | number | undefined>>;

export interface Api {
  /** All three throw {@link CommandError} when there is no answer, or the answer is a problem. */
  get<Json>(path: string, query?: Query): Promise<Json>;
  post<Json>(path: string, body?: unknown): Promise<Json>;
  delete<Json = void>(path: string, body?: unknown): Promise<Json>;
  close(): Promise<void>;
}

export interface Target {
  /** Address of a running server. @defaultValue `TOCSIN_SERVER`, else 127.0.0.1 with `PORT`, else 8000 */
  readonly server?: string;
  /** Database file of a server that is not running. */
  readonly database?: string;
}

/** What the file's own keeper would do, which is not for others to do in passing. */
export interface FileDuties {
  /** Whether what is older than the environment says may be archived and removed. @defaultValue false */
  readonly archives?: boolean;
}

export interface ApiOptions {
  readonly env: Environment;
  readonly duties?: FileDuties;
}

/** A request, and its answer as it came. */
export interface Exchange {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  /** JSON. */
  readonly body: string | null;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** An API over any way of exchanging requests for answers. */
export function createApi(exchange: (request: Exchange) => Promise<Answer>, close: () => Promise<void>): Api {
  async function ask(request: Exchange): Promise<unknown> {
    const { status, text } = await exchange(request);
    const json = parse(text);
    if (status >= 200 && status < 300 && json !== undefined) return json;
    throw refusal(request, { status, json });
  }

  return {
    get: async <Json>(path: string, query: Query = {}) =>
      (await ask({ method: "GET", url: path + textOf(query), body: null })) as Json,
    post: async <Json>(path: string, body: unknown = {}) =>
      (await ask({ method: "POST", url: path, body: JSON.stringify(body) })) as Json,
    delete: async <Json>(path: string, body?: unknown) =>
      (await ask({ method: "DELETE", url: path, body: body === undefined ? null : JSON.stringify(body) })) as Json,
    close,
  };
}

function textOf(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of value === undefined ? [] : [value].flat()) parameters.append(name, String(one));
  }
  return parameters.size === 0 ? "" : `?${parameters}`;
}

/** `undefined` for what is no JSON. */
function parse(text: string): unknown {
  try {
    return text === "" ? null : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal({ method, url }: Exchange, { status, json }: { status: number; json: unknown }): CommandError {
  if (typeof json !== "object" || json === null || !("detail" in json)) {
    const says = `It answered ${method} ${url.split("?")[0]} with ${status} and no explanation: is it a Tocsin server?`;
    return new CommandError(ASKED_EXIT.unreachable, says);
  }
  if (status === 400) return new CommandError(ASKED_EXIT.usage, flagged(json) ?? forTerminals(String(json.detail)));
  return new CommandError(
    status >= 500 ? ASKED_EXIT.unreachable : ASKED_EXIT.refused,
    forTerminals(String(json.detail)),
  );
}

/** What is said of parameters, said of the flags that they come from. `null` when it is about something else. */
function flagged(problem: object): string | null {
  const errors = "errors" in problem ? (problem.errors as readonly ProblemDetail[]) : [];
  const said = errors.map(({ path, message }) => {
    const name = path.split("/").findLast((part) => /^[a-z_]+$/.test(part));
    return name === undefined ? null : `${FLAGS[name] ?? `--${name.replaceAll("_", "-")}`} ${message}`;
  });
  return said.length === 0 || said.includes(null) ? null : `${said.join("; ")}.`;
}

/** Flags that are called otherwise than their parameters. */
const FLAGS: Readonly<Record<string, string>> = { q: "--text", matchers: "Matchers:" };

/** Who types commands is not helped by an address. */
function forTerminals(detail: string): string {
  return detail.replace(/ GET \/\S+ [^.]*\.$/, "");
}
