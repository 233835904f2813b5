/**
 * The link between the program's side and the thread: hears its news, asks it, has everything posted again after a death, and keeps the process
 * alive for as long as something is on its way.
 */

import { redactSecrets } from "../channel/redact-secrets.ts";
import type { NotifierSettings } from "../notifier/settings.ts";
import { Calls } from "./calls.ts";
import type { Ledger } from "./ledger.ts";
import type { Mirror } from "./mirror.ts";
import type { FromThread, News, Question, Questions, Topic, ToThread } from "./protocol.ts";
import { Supervisor } from "./supervisor.ts";
import type { StartThread } from "./thread.ts";

export interface LinkParts {
  readonly settings: Pick<NotifierSettings, "clock" | "logger" | "tell">;
  readonly start: StartThread;
  readonly ledger: Ledger;
  readonly mirror: Mirror;
  /** Whether there may be something from an earlier process. */
  readonly hasStore: boolean;
  /** There will be no thread any more. */
  readonly onEnd: () => void;
}

/** Beyond its own deadline, for what it says at the very end to arrive. Milliseconds. */
const EXIT_FLUSH_GRACE_MS = 500;

export class Link {
  readonly #parts: LinkParts;
  readonly #calls = new Calls();
  readonly #supervisor: Supervisor;
  #isUnreferenced = false;
  #trouble: string | null = null;

  constructor(parts: LinkParts) {
    this.#parts = parts;
    const { clock } = parts.settings;
    this.#supervisor = new Supervisor({
      clock,
      start: parts.start,
      onMessage: (message) => this.#hear(message),
      onStart: () => this.#postAgain(),
      onDeath: (why, nextAt) => this.#onDeath(why, nextAt),
    });
  }

  /** Why nothing can be sent right now. */
  get troubles(): readonly string[] {
    return this.#trouble === null ? [] : [redactSecrets(this.#trouble)];
  }

  /** Whether something is on its way. */
  get isBusy(): boolean {
    const { ledger, mirror } = this.#parts;
    return ledger.size > 0 || mirror.open > 0 || this.#calls.isKeeping;
  }

  start(): void {
    this.#supervisor.start();
    this.#hold();
  }

  post(message: ToThread): void {
    this.#supervisor.post(message);
    this.#hold();
  }

  /** @throws (as a rejection) Error when the thread could not answer, or will never be able to */
  async ask<T extends Topic>(topic: T, about: Questions[T]["about"]): Promise<Questions[T]["answer"]> {
    if (this.#supervisor.isOver) throw new Error("The thread of the notifier has ended.");
    const { message, answer } = this.#calls.open({ topic, about } as Extract<Question, { topic: T }>);
    this.post(message);
    return answer as Promise<Questions[T]["answer"]>;
  }

  /** From now on nothing here keeps the process alive. */
  unref(): void {
    this.#isUnreferenced = true;
    this.#hold();
  }

  /** Has what is on its way sent, as far as time allows, and blocks until then. */
  flushAtExit(timeoutMs: number): void {
    if (this.isBusy) this.#supervisor.flushAtExit(timeoutMs, EXIT_FLUSH_GRACE_MS);
  }

  async end(): Promise<void> {
    this.#calls.rejectAll("The notifier has been closed.");
    await this.#supervisor.end();
  }

  #hold(): void {
    const { ledger, mirror, hasStore } = this.#parts;
    const mayGoOn = hasStore && !mirror.isKnown;
    const goesOn = this.isBusy && !(ledger.unaccepted === 0 && mirror.isAtRest);
    this.#supervisor.hold(!this.#isUnreferenced && (this.#calls.size > 0 || goesOn || mayGoOn));
  }

  #postAgain(): void {
    for (const message of this.#parts.ledger.again()) this.#supervisor.post(message);
    for (const message of this.#calls.again()) this.#supervisor.post(message);
  }

  #hear(message: FromThread): void {
    if (message.kind === "news") this.#hearNews(message);
    else this.#calls.hear(message);
    this.#hold();
  }

  #hearNews(news: News): void {
    const { ledger, mirror, settings } = this.#parts;
    this.#trouble = null;
    mirror.hear(news);
    for (const { method, text } of news.lines) settings.logger[method](text);
    for (const event of news.events) contained(() => settings.tell(event));
    for (const id of news.accepted) ledger.accept(id, news.isDurable);
    for (const { id, result } of news.settled) ledger.settle(id, result);
  }

  #onDeath(why: string, nextAt: number | null): void {
    const { settings, ledger, onEnd } = this.#parts;
    this.#calls.rejectUncertain(`The thread of the notifier died: ${why}`);
    const what = `the thread of the notifier died: ${why}`;
    if (nextAt !== null) {
      this.#trouble = `The thread that sends has died, and another starts: ${why}`;
      return settings.logger.error(`${what}; another starts, and ${ledger.size} notifications go on`);
    }
    this.#trouble = `The thread that sends has died too often: ${why}`;
    const lost = ledger.volatile;
    const fate = lost === 0 ? "" : `; ${lost} notifications are lost`;
    settings.logger.error(`${what}; that was once too often, and nothing is sent any more${fate}`);
    this.#calls.rejectAll(this.#trouble);
    onEnd();
    this.#hold();
  }
}

/** A listener that fails is the program's trouble, not that of its notifications. */
function contained(act: () => void): void {
  try {
    act();
  } catch {
    // Nobody is left to be told.
  }
}
