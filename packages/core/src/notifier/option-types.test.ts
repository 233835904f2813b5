import { expect, it } from "vitest";
import { createFakeChannel } from "../../testing/fake-channel.ts";
import { createVirtualClock } from "../../testing/virtual-clock.ts";
import { ConfigError } from "../errors/config-error.ts";
import { checkOptionTypes } from "./option-types.ts";

const URL_TEXT = `https://discord.com/api/webhooks/123456789012345678/${"x".repeat(68)}`;

function mistakesIn(options: unknown): readonly string[] {
  try {
    checkOptionTypes(options);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

it.each([
  [null, "the options must be an object, got nothing"],
  ["production", "the options must be an object, got a text"],
  [[], "the options must be an object, got a list"],
  [{ enabled: "false" }, "enabled must be true or false, got a text"],
  [{ thread: 1 }, "thread must be true or false, got a number"],
  [{ timeoutMs: "10" }, "timeoutMs must be a number, got a text"],
  [{ retry: 5 }, "retry must be an object, got a number"],
  [{ onEvent: {} }, "onEvent must be a function, got an object"],
  [{ logger: 5 }, "logger must be an object, got a number"],
  [
    { webhookUrl: new URL(URL_TEXT) },
    "webhookUrl must be a URL as text, or a channel, got a URL object: write its href",
  ],
  [{ webhooks: { error: 5 } }, "webhooks must be an object of URLs as text, or of channels, got an object"],
  [{ webhooks: URL_TEXT }, "webhooks must be an object of URLs as text, or of channels, got a text"],
  [{ allowedHosts: "a:1" }, "allowedHosts must be a list of texts, got a text"],
  [{ store: 5 }, "store must be a store, a function that opens one, or { sqlite: file }, got a number"],
  [{ clock: {} }, "clock must be a clock, got an object"],
  [{ flushOnExit: 5 }, "flushOnExit must be true, false or { timeoutMs }, got a number"],
  [{ webhokUrl: URL_TEXT }, "webhokUrl is no option: did you mean webhookUrl?"],
  [{ ratelimit: {} }, "ratelimit is no option: did you mean rateLimit?"],
  [{ timeoutMsx: 1 }, "timeoutMsx is no option: did you mean timeoutMs?"],
  [{ colour: 1 }, "colour is no option"],
  [{ constructor: 1 }, "constructor is no option"],
  [{ breaker: { openMs: 1 } }, "breaker.openMs is no option: breaker has failureThreshold, openForMs"],
  [{ limits: { channel: null } }, "limits.channel is no option: limits has egress, pool, bucket"],
])("%j: %s", (options, problem) => {
  expect(mistakesIn(options)).toEqual([problem]);
});

it("names all of them at once, and repeats no value", () => {
  expect(mistakesIn({ enabled: 1, batching: "no" })).toHaveLength(2);
  expect(mistakesIn({ webhooks: URL_TEXT, webhokUrl: URL_TEXT }).join()).not.toContain("xxx");
});

it("takes what is right, and null for what is left out", () => {
  const clock = createVirtualClock();
  const channel = createFakeChannel({ clock });
  const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const own = {
    clock: createVirtualClock(),
    webhooks: { error: channel, critical: undefined },
    webhookUrl: "",
    logger,
  };
  expect(
    mistakesIn({ ...own, thread: false, flushOnExit: { timeoutMs: 1 }, store: () => null, fallback: null }),
  ).toEqual([]);
});
