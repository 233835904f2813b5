/**
 * What the program's side knows of the thread: the status that was published last, in the shapes in which a notifier's own engine and store
 * would tell it.
 *
 * While something happens it is at most {@link STATUS_EVERY_MS} old, plus the time for which the program's event loop was busy. In quiet times
 * looking at it renews it, for the next look.
 */

import type { Clock } from "../clock/clock.ts";
import type { LaneStatus } from "../delivery/lane/status.ts";
import { createForgetfulMemory, patiently } from "../delivery/outbox.ts";
import type { Pause } from "../delivery/pause.ts";
import type { NotifierStatus } from "../notifier/api.ts";
import type { Logger } from "../notifier/logging.ts";
import type { Matched } from "../route/matcher.ts";
import type { Silence } from "../withhold/silence.ts";
import { createSilences, SILENCE_PREFIX, type Silences } from "../withhold/silences.ts";
import type { News } from "./protocol.ts";

/** A status older than this is renewed when somebody looks. Milliseconds. */
const STALE_MS = 1_000;

export interface MirrorParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Asks the thread to publish its status. */
  readonly refresh: () => void;
}

export class Mirror {
  readonly #parts: MirrorParts;
  #status: NotifierStatus | null = null;
  #open = 0;
  #publishedAt = Number.NEGATIVE_INFINITY;
  #silences: Silences;

  constructor(parts: MirrorParts) {
    this.#parts = parts;
    this.#silences = this.#silencesOf([]);
  }

  hear({ open, status, silences }: News): void {
    this.#open = open;
    if (status === null) return;
    this.#status = status;
    this.#publishedAt = this.#parts.clock.now();
    if (silences !== null) this.#silences = this.#silencesOf(silences);
  }

  /** Whether the thread has published anything yet. */
  get isKnown(): boolean {
    return this.#status !== null;
  }

  /** Deliveries accepted and not concluded. */
  get open(): number {
    return this.#open;
  }

  get book(): { readonly open: number } {
    return { open: this.#open };
  }

  get pauses(): { readonly ofAll: Pause | null } {
    return { ofAll: this.#status?.pause ?? null };
  }

  /** Whether all that waits does so until somebody lifts a pause: nothing will happen by itself. */
  get isAtRest(): boolean {
    if (this.#status === null || this.#status.open !== this.#open) return false;
    const busy = this.#status.destinations.filter(({ mode, waiting }) => waiting > 0 || mode === "sending");
    return (
      busy.length > 0 && busy.every(({ mode, pause }) => mode !== "sending" && pause !== null && pause.untilAt === null)
    );
  }

  status(): readonly LaneStatus[] {
    const now = this.#parts.clock.now();
    if (now >= this.#publishedAt + STALE_MS) {
      this.#publishedAt = now;
      this.#parts.refresh();
    }
    return this.#status?.destinations ?? [];
  }

  get isDurable(): boolean {
    return this.#status?.store.isDurable ?? false;
  }

  get owed(): number {
    return this.#status?.store.pendingWrites ?? 0;
  }

  get storeError(): string | null {
    return this.#status?.store.error ?? null;
  }

  find(notification: Matched, at: number): Silence | null {
    return this.#silences.find(notification, at);
  }

  list(): readonly Silence[] {
    return this.#silences.list();
  }

  #silencesOf(silences: readonly Silence[]): Silences {
    const facts = new Map(silences.map((silence) => [SILENCE_PREFIX + silence.id, silence]));
    return createSilences({ ...this.#parts, memory: patiently({ ...createForgetfulMemory(), recall: () => facts }) });
  }
}
