/**
 * What becomes of what is held in quiet hours when these change, or the destination for which it is held.
 *
 * Upstream   `notifier.changeQuietHours()`, and destinations that come and go. Downstream what is held.
 */
import type { Clock } from "../clock/clock.ts";
import { ConfigError } from "../errors/config-error.ts";
import type { Notification } from "../notification/notification.ts";
import type { RouteDecision } from "../notification/routing.ts";
import { compileMatchers } from "../route/matcher.ts";
import { type MatchersInput, readMatchers } from "../route/matcher-text.ts";
import { readQuietHours } from "../route/quiet-times.ts";
import type { Held } from "./held.ts";

export interface QuietHoursChange {
  /** What waits under hours of its own and is to wait under these, e.g. `team=night, severity<error`. */
  readonly matchers: MatchersInput;
  /** Times of the week, e.g. `22:00-07:00 Europe/Berlin`; `null` for none. */
  readonly quietHours: string | readonly string[] | null;
}

export interface HeldChanges {
  /** Resolves to how many wait until another time now. @throws ConfigError `CONFIG_QUIET_HOURS` (as a rejection) */
  changeHours(change: QuietHoursChange): Promise<number>;
  /** Routes and their times have changed: what waits waits as it would have, had they been these from the start. */
  rerouted(): void;
  /** What names this destination, which has just been added, waits there from now on. */
  added(destination: string): void;
  /** What was held for a destination that is gone waits at another one; with `null` it is told there at once, and so ends as everything for it does. */
  removed(destination: string, successor: string | null): void;
}

export interface HeldChangesParts {
  readonly clock: Clock;
  /** Of hours that name none. */
  readonly timeZone: () => string;
  readonly held: Pick<Held, "rearrange">;
  readonly router: { destine(notification: Notification, at: number): RouteDecision };
}

export function createHeldChanges({ clock, timeZone, held, router }: HeldChangesParts): HeldChanges {
  /** At its destination, as if it came now. */
  function endsAt(notification: Notification, destination: string): number {
    const { deferred } = router.destine(notification, clock.now());
    const here = deferred.find((one) => one.destination === destination);
    // A route of another time of day may lead elsewhere by now: its own hours count all the same.
    return (here ?? deferred.find(({ by }) => by === "notification"))?.until ?? clock.now();
  }

  return {
    async changeHours({ matchers, quietHours }) {
      const { isMeant, hours } = readChange({ matchers, quietHours }, timeZone());
      const { changed, written } = held.rearrange(({ notification }, destination) => {
        if (notification.quietHours === null || !isMeant(notification)) return null;
        const other = { ...notification, quietHours: hours };
        const until = endsAt(other, destination);
        return { notification: retold(other, destination, until), destination, until };
      });
      await written;
      return changed;
    },
    rerouted() {
      held.rearrange(({ notification, until }, destination) => {
        const { to, deferred } = router.destine(notification, notification.createdAt);
        const here = deferred.find((one) => one.destination === destination)?.until;
        // What would go elsewhere by now is told where it was meant to be told, and when.
        const then = here ?? (to.includes(destination) ? clock.now() : until);
        return then === until
          ? null
          : { notification: retold(notification, destination, then), destination, until: then };
      });
    },
    added(name) {
      held.rearrange(({ notification, until }, destination) =>
        notification.destination === name && destination !== name ? { notification, destination: name, until } : null,
      );
    },
    removed(name, successor) {
      held.rearrange(({ notification, until }, destination) => {
        if (destination !== name) return null;
        return successor === null
          ? { notification, destination, until: clock.now() }
          : { notification, destination: successor, until };
      });
    },
  };
}

/** History tells until when it waits. */
function retold(notification: Notification, destination: string, until: number): Notification {
  const { routing } = notification;
  if (routing === null) return notification;
  const deferred = routing.deferred.map((one) => (one.destination === destination ? { ...one, until } : one));
  return { ...notification, routing: { ...routing, deferred } };
}

function readChange({ matchers, quietHours }: QuietHoursChange, timeZone: string) {
  const read = readMatchers(matchers);
  const hours = quietHours === null ? null : [quietHours].flat();
  const problems = [
    ...(read.ok ? [] : read.problems.map((problem) => `matchers: ${problem}`)),
    ...readQuietHours(hours ?? [], timeZone).problems.map((problem) => `quietHours: ${problem}`),
  ];
  if (!read.ok || problems.length > 0) throw new ConfigError("CONFIG_QUIET_HOURS", problems);
  const { matches: isMeant } = compileMatchers(read.matchers);
  return { isMeant, hours: hours === null || hours.length === 0 ? null : hours };
}
