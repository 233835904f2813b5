/**
 * Clients that keep a server busy and do not mind that it dies: each repeats its request, under the same idempotency key, until
 * some server has accepted it. What was accepted is what must arrive.
 */

export interface Accepted {
  /** What the message shows: unique. */
  readonly text: string;
  /** Sorts by the order of acceptance. */
  readonly id: string;
  readonly priority: number;
}

export interface Load {
  /** Where requests go from now on; `null` while there is no server. */
  aim(url: string | null): void;
  /** Asks for nothing new; resolves when all that was asked for has been accepted. */
  end(): Promise<void>;
  readonly accepted: readonly Accepted[];
  /** Requests whose answer was lost. */
  readonly lost: number;
}

/** One kind of client: what it asks next, and what then counts as accepted. */
export interface Client {
  readonly next: (n: number) => Ask;
}

export interface Ask {
  readonly path: string;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** What this is to be counted as when it is answered; `null` when nothing comes of it. */
  readonly counts: ((answer: { readonly id?: string }) => Accepted) | null;
  /** Whether the same may be asked again when the answer was lost. */
  readonly repeatable: boolean;
}

export function startLoad(clients: readonly Client[], random: () => number): Load {
  const accepted: Accepted[] = [];
  const state = { ended: false, lost: 0, up: Promise.withResolvers<string>() };

  async function run(client: Client): Promise<void> {
    for (let n = 0; !state.ended; n++) {
      await settle(client.next(n));
      await pause(random() * LONGEST_PAUSE_MS);
    }
  }

  async function settle(ask: Ask): Promise<void> {
    for (;;) {
      const url = await state.up.promise;
      const answer = await exchange(url, ask);
      if (answer !== null) return void (ask.counts && accepted.push(ask.counts(answer)));
      state.lost++;
      if (!ask.repeatable) return;
      // The process has been killed, and this client is the first to notice.
      await pause(RETRY_MS);
    }
  }

  const running = clients.map(run);
  return {
    accepted,
    get lost() {
      return state.lost;
    },
    aim(url) {
      if (url === null) state.up = Promise.withResolvers<string>();
      else state.up.resolve(url);
    },
    async end() {
      state.ended = true;
      await Promise.all(running);
    },
  };
}

const LONGEST_PAUSE_MS = 8;
const RETRY_MS = 5;

/** `null` when there was no answer. @throws Error for an answer that is no success */
async function exchange(url: string, { path, body, headers }: Ask): Promise<{ readonly id?: string } | null> {
  const request = {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  };
  const answer = await fetch(url + path, request).catch(() => null);
  const text = await answer?.text().catch(() => null);
  if (answer === null || text === null || text === undefined) return null;
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as { readonly id?: string };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
