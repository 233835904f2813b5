/**
 * The silences that are in force: kept in the store's memory, so that a restart does not end them, and gone by themselves when their
 * time is up.
 *
 * Upstream   `notifier.silence()`, and each notification on its way in.
 * Downstream the store's `Memory`; the decision, which names the silence.
 */
import type { Clock } from "../clock/clock.ts";
import { createIdSource } from "../clock/id.ts";
import type { PatientMemory } from "../delivery/outbox.ts";
import { ConfigError } from "../errors/config-error.ts";
import { type CompiledMatchers, compileMatchers, type Matched } from "../route/matcher.ts";
import { readMatchers } from "../route/matcher-text.ts";
import { defineSilence, isSilence, type Silence, type SilenceId, type SilenceInput } from "./silence.ts";

export interface Silences {
  /** In force once the promise is there; resolves when it is kept. @throws ConfigError `CONFIG_SILENCE` (as a rejection) */
  add(input: SilenceInput): Promise<Silence>;
  /** Resolves to whether there was such a silence. */
  remove(id: string): Promise<boolean>;
  /** Those in force, the oldest first. */
  list(): readonly Silence[];
  /** The silence in force at `at` that covers this notification and lasts longest; `null` for none. */
  find(notification: Matched, at: number): Silence | null;
}

export interface SilencesParts {
  readonly clock: Clock;
  readonly memory: PatientMemory;
  readonly logger: { warn(message: string): void };
}

interface Kept {
  readonly silence: Silence;
  readonly compiled: CompiledMatchers;
}

/** Of the keys under which silences are kept. */
export const SILENCE_PREFIX = "silence:";
/** Each notification is held against all of them. */
const MAX_SILENCES = 1_000;

export function createSilences({ clock, memory, logger }: SilencesParts): Silences {
  const nextId = createIdSource<SilenceId>("sil", clock);
  const kept = new Map<string, Kept>();
  memory.recall((facts) => {
    for (const [key, fact] of facts) if (key.startsWith(SILENCE_PREFIX) && isSilence(fact)) enter(fact);
  });

  function enter(silence: Silence): void {
    const read = readMatchers(silence.matchers);
    if (read.ok) kept.set(silence.id, { silence, compiled: compileMatchers(read.matchers) });
  }

  function letGoOfOld(): void {
    const now = clock.now();
    for (const { silence } of kept.values()) if (silence.untilAt <= now) void forget(silence.id);
  }

  function forget(id: string): Promise<void> {
    kept.delete(id);
    return written(memory.forget(SILENCE_PREFIX + id));
  }

  /** What could not be written holds for this process; after a restart it would have to be said again. */
  async function written(durable: Promise<void> | undefined): Promise<void> {
    try {
      await durable;
    } catch {
      logger.warn("a silence could not be written to the store: it holds until this process ends");
    }
  }

  return {
    async add(input) {
      letGoOfOld();
      if (kept.size >= MAX_SILENCES)
        throw new ConfigError("CONFIG_SILENCE", [`there are ${MAX_SILENCES} silences already; end some of them first`]);
      const silence = defineSilence(input, { id: nextId(), now: clock.now() });
      enter(silence);
      await written(memory.remember(SILENCE_PREFIX + silence.id, silence));
      return silence;
    },
    async remove(id) {
      letGoOfOld();
      if (!kept.has(id)) return false;
      await forget(id);
      return true;
    },
    list() {
      letGoOfOld();
      return [...kept.values()].map(({ silence }) => silence);
    },
    find(notification, at) {
      let longest: Silence | null = null;
      for (const { silence, compiled } of kept.values()) {
        const isInForce = at < silence.untilAt && silence.untilAt > (longest?.untilAt ?? 0);
        if (isInForce && compiled.matches(notification)) longest = silence;
      }
      return longest;
    },
  };
}
