import { expect, it } from "vitest";
import { ConfigError } from "../errors/config-error.ts";
import type { NotifierOptions } from "./options.ts";
import { defineNotifierOptions } from "./settings.ts";

function mistakesIn(options: NotifierOptions): readonly string[] {
  try {
    defineNotifierOptions({ env: {}, ...options });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return [error.code, ...error.problems];
    throw error;
  }
}

it("names every number that is out of its range at once", () => {
  const none = { timeoutMs: 0, queueSize: 1.5, connections: 0, divertAfterMs: -1, idempotencyWindowMs: Number.NaN };
  expect(mistakesIn({ ...none, digestAfterMs: 0 })).toEqual([
    "CONFIG_NOTIFIER",
    "timeoutMs must be more than 0, got 0",
    "queueSize must be a whole number from 1, got 1.5",
    "connections must be a whole number from 1, got 0",
    "divertAfterMs must be more than 0, got -1",
    "idempotencyWindowMs must be more than 0, got NaN",
    "digestAfterMs must be more than 0, got 0",
  ]);
});

it("takes for ever where that means something", () => {
  const forEver = Number.POSITIVE_INFINITY;
  expect(mistakesIn({ divertAfterMs: forEver, idempotencyWindowMs: forEver, digestAfterMs: forEver })).toEqual([]);
});

it("refuses a guard against bans that would never let go, or stop before it slows", () => {
  expect(mistakesIn({ banGuard: { windowMs: Number.POSITIVE_INFINITY, slowAtCount: 10, stopAtCount: 5 } })).toEqual([
    "CONFIG_BAN_GUARD",
    "windowMs must be more than 0, got Infinity",
    "stopAtCount must be slowAtCount or more, got 5",
  ]);
});
