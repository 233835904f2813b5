/**
 * Silences as people handle them: those in force are the notifier's, which obeys them; those that are over are kept for the record.
 *
 * Upstream   HTTP. Downstream the notifier, and storage ({@link SilenceStore}).
 */
import type { Notifier, Silence, SilenceInput } from "@tocsin/core";
import type { Clock } from "@tocsin/core/stages";

/** A silence, in force or over. */
export interface SilenceRecord extends Silence {
  /** When somebody ended it before its time; `null` when nobody has. */
  readonly endedAt: number | null;
}

/** What is kept of silences; implemented by `storage/`. */
export interface SilenceStore {
  insert(silence: Silence): Promise<void>;
  end(id: string, at: number): Promise<void>;
  find(id: string): Promise<SilenceRecord | null>;
  /** Those that are over at `now`, the newest first. */
  over(now: number, limit: number): Promise<readonly SilenceRecord[]>;
  /** Forgets those that were over by then. */
  forgetBefore(at: number): Promise<void>;
}

export interface Silences {
  /** @throws ConfigError `CONFIG_SILENCE`, naming each mistake */
  add(input: SilenceInput): Promise<SilenceRecord>;
  /** Ends one that is in force. Resolves to it as it is then; `null` when it is not in force. */
  expire(id: string): Promise<SilenceRecord | null>;
  find(id: string): Promise<SilenceRecord | null>;
  /** Those in force, the newest first. */
  active(): readonly SilenceRecord[];
  /** Those that are over, the newest first. */
  over(limit: number): Promise<readonly SilenceRecord[]>;
}

export interface SilencesOptions {
  readonly clock: Clock;
  readonly notifier: Pick<Notifier, "silence" | "unsilence" | "silences">;
  readonly store: SilenceStore;
}

/** How long those that are over are kept. */
export const SILENCES_KEPT_MS = 90 * 86_400_000;

export function createSilences({ clock, notifier, store }: SilencesOptions): Silences {
  const inForce = (id: string) => notifier.silences().find((silence) => silence.id === id);
  return {
    async add(input) {
      const silence = await notifier.silence(input);
      await store.insert(silence);
      return { ...silence, endedAt: null };
    },
    async expire(id) {
      const silence = inForce(id);
      if (silence === undefined || !(await notifier.unsilence(id))) return null;
      const endedAt = Math.floor(clock.now());
      await store.end(id, endedAt);
      return { ...silence, endedAt };
    },
    async find(id) {
      const silence = inForce(id);
      return silence === undefined ? store.find(id) : { ...silence, endedAt: null };
    },
    active: () =>
      notifier
        .silences()
        .map((silence) => ({ ...silence, endedAt: null }))
        .reverse(),
    over: (limit) => store.over(Math.floor(clock.now()), limit),
  };
}
