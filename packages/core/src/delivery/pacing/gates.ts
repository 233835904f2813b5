/** All gates of one notifier by key: the only place that makes them, so that equal keys are one limit. */
import type { LimitSpec } from "../channel.ts";
import { createGate, type Gate } from "./gate.ts";

export interface Gates {
  /** The gate of this key, made with `spec` the first time it is asked for. */
  get(key: string, spec: LimitSpec): Gate;
  all(): Iterable<Gate>;
}

export function createGates(): Gates {
  const byKey = new Map<string, Gate>();
  return {
    get(key, spec) {
      let gate = byKey.get(key);
      if (gate === undefined) {
        gate = createGate(key, spec);
        byKey.set(key, gate);
      }
      return gate;
    },
    all: () => byKey.values(),
  };
}
