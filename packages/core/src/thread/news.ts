/**
 * Gathers in the thread what the program is to hear, and posts it once a turn: one message wakes the program, not one for each line.
 *
 * The status is costly to make, and goes along at most every {@link STATUS_EVERY_MS}; what changed after that follows when the time is over.
 */

import type { Clock } from "../clock/clock.ts";
import type { Defer } from "../clock/turn.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { DeliveryResult } from "../delivery/result.ts";
import type { NotificationId } from "../notification/notification.ts";
import type { NotifierStatus } from "../notifier/api.ts";
import type { Logger } from "../notifier/logging.ts";
import type { Silence } from "../withhold/silence.ts";
import type { LogLine, LogMethod, News, Settled } from "./protocol.ts";

/** How old the published status may be while something happens. */
export const STATUS_EVERY_MS = 100;

export interface NewsParts {
  readonly clock: Clock;
  readonly defer: Defer;
  readonly post: (news: News) => void;
  readonly wantsEvents: boolean;
  readonly wantsDebug: boolean;
}

/** What the news are about; the notifier of the thread. */
export interface Told {
  getQueueSize(): number;
  status(): NotifierStatus;
  silences(): readonly Silence[];
}

interface Gathered {
  lines: LogLine[];
  events: DeliveryEvent[];
  accepted: NotificationId[];
  settled: Settled[];
}

const nothing = (): Gathered => ({ lines: [], events: [], accepted: [], settled: [] });

export class NewsDesk {
  readonly logger: Logger;
  readonly #parts: NewsParts;
  #notifier: Told | null = null;
  #gathered = nothing();
  #isPlanned = false;
  #isStatusPlanned = false;
  #statusAt = Number.NEGATIVE_INFINITY;

  constructor(parts: NewsParts) {
    this.#parts = parts;
    const { wantsDebug } = parts;
    const write = (method: LogMethod) => (text: string) => {
      this.#gathered.lines.push({ method, text });
      this.#touch();
    };
    this.logger = {
      debug: wantsDebug ? write("debug") : () => {},
      info: write("info"),
      warn: write("warn"),
      error: write("error"),
      isLevelEnabled: (level) => wantsDebug || level !== "debug",
    };
  }

  /** To be called once, before the first turn ends. */
  about(notifier: Told): void {
    this.#notifier = notifier;
    this.#touch();
  }

  onEvent(event: DeliveryEvent): void {
    if (this.#parts.wantsEvents) this.#gathered.events.push(event);
    this.#touch();
  }

  accepted(id: NotificationId): void {
    this.#gathered.accepted.push(id);
    this.#touch();
  }

  settled(id: NotificationId, result: DeliveryResult): void {
    this.#gathered.settled.push({ id, result });
    this.#touch();
  }

  /** The next news bring the status, whenever the last did. */
  publish(): void {
    this.#statusAt = Number.NEGATIVE_INFINITY;
    this.#touch();
  }

  /** Posts at once what has gathered, with the status. */
  flush(): void {
    this.#send(this.#statusNow(this.#parts.clock.now()));
  }

  #touch(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    this.#parts.defer(() => {
      if (this.#isPlanned) this.#send(this.#statusIfDue());
    });
  }

  #statusIfDue(): NotifierStatus | null {
    const { clock } = this.#parts;
    const now = clock.now();
    const dueAt = this.#statusAt + STATUS_EVERY_MS;
    if (now >= dueAt) return this.#statusNow(now);
    if (!this.#isStatusPlanned) {
      this.#isStatusPlanned = true;
      clock.schedule(dueAt, () => {
        this.#isStatusPlanned = false;
        this.#touch();
      });
    }
    return null;
  }

  #statusNow(now: number): NotifierStatus | null {
    this.#statusAt = now;
    return this.#notifier?.status() ?? null;
  }

  #send(status: NotifierStatus | null): void {
    const notifier = this.#notifier;
    const news = this.#gathered;
    this.#gathered = nothing();
    this.#isPlanned = false;
    const seen = status ?? (news.accepted.length > 0 ? (notifier?.status() ?? null) : null);
    this.#parts.post({
      kind: "news",
      ...news,
      isDurable: seen !== null && isKept(seen),
      open: notifier?.getQueueSize() ?? 0,
      status,
      silences: status === null ? null : (notifier?.silences() ?? null),
    });
  }
}

/** While the store fails, what is accepted is only in the memory of the thread. */
function isKept({ store }: NotifierStatus): boolean {
  return store.isDurable && store.pendingWrites === 0;
}
