/**
 * The thread's side: hands what the program posts to a notifier of its own, and what becomes of it to the news desk.
 *
 * Upstream the program, through {@link ToThread}. Downstream the notifier, which does not know that it runs in a thread.
 */

import type { DeliveryEvent } from "../delivery/events.ts";
import type { Memory } from "../delivery/outbox.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { History } from "../history/history.ts";
import type { Notification, NotificationId, NotificationInput } from "../notification/notification.ts";
import type { Notifier } from "../notifier/api.ts";
import { createVerdicts, type Verdicts } from "../notifier/verdicts.ts";
import type { NewsDesk } from "./news.ts";
import type { Answer, FromThread, Question, ToThread } from "./protocol.ts";

export interface HostParts {
  /** Takes notifications that are complete already. */
  readonly notifier: Notifier;
  /** Of the store; `null` when nothing is kept. */
  readonly history: Pick<History, "find"> | null;
  /** Of the store, for what the program itself keeps there; `null` when nothing is kept. */
  readonly memory: Memory | null;
  readonly desk: NewsDesk;
  readonly post: (message: FromThread) => void;
  /** The exit flush is done: lets the program, which waits for it, go on. */
  readonly release: () => void;
}

export class Host {
  readonly #parts: HostParts;
  readonly #verdicts: Verdicts;
  /** Whether earlier messages are still waiting for the store; what comes then waits behind them, so that the order stays. */
  #waiting: Promise<void> | null = null;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#verdicts = createVerdicts(parts.history ?? { find: () => Promise.resolve(null) });
  }

  /** To be told of everything that the notifier does. */
  onEvent(event: DeliveryEvent): void {
    this.#verdicts.hear(event);
    this.#parts.desk.onEvent(event);
  }

  handle(message: ToThread): void {
    const asksTheStore = message.kind === "take" && message.again && this.#parts.history !== null;
    if (this.#waiting === null && !asksTheStore) return this.#handleNow(message);
    const before = this.#waiting ?? Promise.resolve();
    const mine = before
      .then(() => (asksTheStore ? this.#takeOnce(message.notification) : this.#handleNow(message)))
      .finally(() => {
        if (this.#waiting === mine) this.#waiting = null;
      });
    this.#waiting = mine;
  }

  #handleNow(message: ToThread): void {
    const { notifier, desk } = this.#parts;
    switch (message.kind) {
      case "take":
        return this.#take(message.notification);
      case "follow":
        return this.#follow(message.id);
      case "ask":
        return void this.#answer(message.call, message.question);
      case "reset-rate-limits":
        return notifier.resetRateLimits();
      case "publish":
        return desk.publish();
      case "flush-at-exit":
        return void this.#flushAtExit(message.timeoutMs);
    }
  }

  #take(notification: Notification): void {
    const { notifier, desk } = this.#parts;
    // Complete as it is; the notifier of the thread takes it without looking at it again.
    const receipt = notifier.notify(notification as unknown as NotificationInput);
    const { id } = notification;
    void receipt.accepted.then((accepted) => accepted && desk.accepted(id));
    void receipt.settled.then((result) => desk.settled(id, result));
  }

  /** Posted before by a program that has not heard of it: the store knows whether the thread before this one took it. */
  async #takeOnce(notification: Notification): Promise<void> {
    const { history, desk } = this.#parts;
    const known = (await history?.find(notification.id).catch(() => null)) ?? null;
    if (known === null) return this.#take(notification);
    desk.accepted(notification.id);
    this.#follow(notification.id);
  }

  #follow(id: NotificationId): void {
    // In a store that cannot be opened now: a later thread may tell.
    if (this.#parts.history === null) return;
    void this.#verdicts.lookUp(id).then((result) => this.#parts.desk.settled(id, result));
  }

  async #answer(call: number, question: Question): Promise<void> {
    const { desk, post } = this.#parts;
    try {
      const answer = await this.#find(question);
      // What happened before the answer is heard before it.
      desk.flush();
      post({ kind: "answer", call, answer });
    } catch (cause) {
      const mistakes = cause instanceof ConfigError ? cause.problems : null;
      post({ kind: "no-answer", call, why: cause instanceof Error ? cause.message : String(cause), mistakes });
    }
  }

  async #find(question: Question): Promise<Answer> {
    const { notifier, memory } = this.#parts;
    switch (question.topic) {
      case "flush":
        return notifier.flush(question.about);
      case "close":
        return notifier.close(question.about);
      case "check":
        return notifier.check(question.about === null ? undefined : { destination: question.about });
      case "pause":
        return notifier.pause(question.about);
      case "resume":
        return notifier.resume(question.about);
      case "silence":
        return notifier.silence(question.about);
      case "unsilence":
        return notifier.unsilence(question.about);
      case "change-quiet-hours":
        return notifier.changeQuietHours(question.about);
      case "remember":
        await memory?.remember(question.about.key, question.about.value);
        return null;
      case "forget":
        await memory?.forget(question.about);
        return null;
      case "recall":
        return new Map([...(memory?.recall() ?? [])].filter(([key]) => key.startsWith(question.about)));
      case "replay":
        return notifier.replay(question.about.selection, { force: question.about.force });
    }
  }

  async #flushAtExit(timeoutMs: number): Promise<void> {
    const { notifier, desk, release } = this.#parts;
    await notifier.close({ timeoutMs }).catch(() => {});
    desk.flush();
    release();
  }
}
