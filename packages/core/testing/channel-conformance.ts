/**
 * What every channel must do, whatever it sends to. The suite knows no test framework: it returns cases, each a claim and a
 * function that fails by throwing.
 *
 * @example
 * describe("my channel", () => {
 *   for (const { claim, run } of channelConformance(fixture)) it(claim, run);
 * });
 */
import assert from "node:assert/strict";
import type { Channel, ChannelCheck, SendFailure, SendOutcome, SendRequest } from "../src/delivery/channel.ts";
import type { Notification } from "../src/notification/notification.ts";
import { HOSTILE_TEXTS } from "./hostile-texts.ts";
import { HTTP_STATUS_KINDS } from "./http-statuses.ts";
import { aNotification } from "./notifications.ts";
import type { ScriptedServer } from "./scripted-server.ts";

export interface ChannelFixture {
  /** A new channel with a remote that works. */
  open(): Promise<OpenedChannel>;
}

export interface OpenedChannel {
  readonly channel: Channel;
  /** What has arrived, oldest first; one text may hold several notifications. */
  arrived(): Promise<readonly string[]>;
  /** Makes the remote fail from now on, in the way that is most likely in life. */
  breakRemote(): Promise<void>;
  /** What must never be shown. */
  readonly secrets: readonly string[];
  /** The remote, for channels that speak HTTP; `null` for the others. */
  readonly server: ScriptedServer | null;
  dispose(): Promise<void>;
}

export interface ConformanceCase {
  readonly claim: string;
  readonly run: () => Promise<void>;
}

type Check = (opened: OpenedChannel) => Promise<void>;

/** The cases for one channel; those about HTTP only if it speaks HTTP. */
export function channelConformance(fixture: ChannelFixture, speaksHttp: boolean): readonly ConformanceCase[] {
  const checks = { ...EVERY_CHANNEL, ...(speaksHttp ? HTTP_CHANNELS : {}) };
  return Object.entries(checks).map(([claim, check]) => ({
    claim,
    run: async () => {
      const opened = await fixture.open();
      try {
        await check(opened);
      } finally {
        await opened.channel.close();
        await opened.dispose();
      }
    },
  }));
}

const EVERY_CHANNEL: Readonly<Record<string, Check>> = {
  delivers: async ({ channel, arrived }) => {
    expectDelivered(await channel.send(requestOf({ title: "Marker-1" })));
    assert.match((await arrived()).join("\n"), /Marker-1/);
  },

  "delivers several notifications in one request, in order": async ({ channel, arrived }) => {
    expectDelivered(await channel.send(requestOf({ title: "Marker-1" }, { title: "Marker-2" }, { title: "Marker-3" })));
    assert.match((await arrived()).join("\n"), /Marker-1[\s\S]*Marker-2[\s\S]*Marker-3/);
  },

  "delivers whatever a text contains": async ({ channel, arrived }) => {
    for (const [name, text] of HOSTILE_TEXTS) {
      const outcome = await channel.send(requestOf(hostile(text)));
      assert.equal(outcome.kind, "delivered", `${name}: ${describe(outcome)}`);
    }
    assert.equal((await arrived()).join("\n").split("Marker-hostile").length - 1, HOSTILE_TEXTS.length);
  },

  "delivers in the plainest form": async ({ channel, arrived }) => {
    const degrade = ["without-username", "without-links", "without-files", "text-only"] as const;
    expectDelivered(await channel.send({ ...requestOf({ title: "Marker-1" }), degrade }));
    assert.match((await arrived()).join("\n"), /Marker-1/);
  },

  "is checked without anything arriving": async ({ channel, arrived }) => {
    const checked = await channel.check();
    assert.equal(checked.ok, true);
    assert.ok(checked.ok && checked.detail !== "");
    assert.deepEqual(await arrived(), []);
  },

  "reports a broken remote, in a sentence and without secrets": async ({ channel, breakRemote, secrets }) => {
    await breakRemote();
    expectFailure(await channel.send(requestOf({ title: "Marker-1" })), secrets);
    expectFailedCheck(await channel.check(), secrets);
  },

  "shows no secret in its name and limits": async ({ channel, secrets }) => {
    assert.notEqual(channel.label, "");
    for (const secret of secrets)
      assert.ok(!JSON.stringify([channel.kind, channel.label, channel.limits]).includes(secret));
  },

  "names the same limits each time": async ({ channel }) => {
    assert.deepEqual(channel.limits, channel.limits);
    for (const limit of Object.values(channel.limits)) {
      if (limit === null) continue;
      assert.ok(limit.key !== "" && limit.spec.limit >= 1 && limit.spec.intervalMs > 0);
    }
  },

  "closes any number of times, and fails afterwards": async ({ channel, secrets }) => {
    await Promise.all([channel.close(), channel.close()]);
    await channel.close();
    const outcome = await channel.send(requestOf({ title: "Marker-1" }));
    expectFailure(outcome, secrets);
    // It is certain that nothing was sent, so somebody else may send it.
    assert.equal(outcome.kind, "unavailable");
    expectFailedCheck(await channel.check(), secrets);
  },

  "ends what is under way when it is closed": async ({ channel }) => {
    const sending = channel.send(requestOf({ title: "Marker-1" }));
    await channel.close();
    assert.equal(typeof (await sending).kind, "string");
  },
};

const HTTP_CHANNELS: Readonly<Record<string, Check>> = {
  "makes the right kind of every HTTP status": async ({ channel, server, secrets }) => {
    for (const [status, kind] of HTTP_STATUS_KINDS) {
      server!.answerWith({ status });
      const outcome = await channel.send(requestOf({ title: "Marker-1" }));
      assert.equal(outcome.kind, kind, `HTTP ${status}: ${describe(outcome)}`);
      if (outcome.kind === "delivered") assert.equal(outcome.status, status);
      else expectFailure(outcome, secrets);
    }
  },

  "passes on how long it is to wait": async ({ channel, server }) => {
    server!.answerWith({ status: 429, headers: { "retry-after": "7" }, body: "{}" });
    const outcome = await channel.send(requestOf({ title: "Marker-1" }));
    assert.equal(outcome.kind, "rate-limited");
    assert.equal(outcome.kind === "rate-limited" && outcome.retryAfterMs, 7_000);
  },

  "repeats no secret that the remote sends back": async ({ channel, server, secrets }) => {
    for (const [status] of HTTP_STATUS_KINDS) {
      const message = `denied: ${secrets.join(" ")}`;
      const errors = { [secrets[0]!]: { _errors: [{ message }] } };
      const bodies = [
        ["text/plain", message],
        ["application/json", JSON.stringify({ code: 50035, message, errors })],
        ["application/json", JSON.stringify({ message })],
      ] as const;
      for (const [type, body] of bodies) {
        const isBare = status === 204 || status === 205 || status === 304;
        server!.answerWith({ status, ...(isBare ? {} : { headers: { "content-type": type }, body }) });
        const outcome = await channel.send(requestOf({ title: "Marker-1" }));
        for (const secret of secrets)
          assert.ok(!describe(outcome).includes(secret), `HTTP ${status}: ${describe(outcome)}`);
      }
    }
  },

  "ends a request without an answer when it is closed": async ({ channel, server, secrets }) => {
    server!.answerWith(null);
    const arrived = server!.nextRequest();
    const sending = channel.send(requestOf({ title: "Marker-1" }));
    await arrived;
    await channel.close();
    const outcome = await sending;
    expectFailure(outcome, secrets);
    // The remote has had it.
    assert.equal(outcome.kind, "ambiguous");
  },
};

function requestOf(...overrides: readonly [Partial<Notification>, ...Partial<Notification>[]]): SendRequest {
  const [first, ...rest] = overrides.map((properties) => aNotification(properties));
  return { notifications: [first!, ...rest], attempt: 1, degrade: [], now: Date.UTC(2026, 0, 1) };
}

function hostile(text: string): Partial<Notification> {
  const fields = [{ name: text, value: text, inline: true }];
  const footer = { text, iconUrl: text };
  return {
    title: `Marker-hostile ${text}`,
    message: text,
    content: text,
    url: text,
    type: text,
    fields,
    footer,
    image: text,
  };
}

function expectDelivered(outcome: SendOutcome): void {
  assert.equal(outcome.kind, "delivered", describe(outcome));
}

function expectFailure(outcome: SendOutcome, secrets: readonly string[]): void {
  assert.notEqual(outcome.kind, "delivered");
  expectSentence((outcome as SendFailure).error, secrets);
}

function expectFailedCheck(checked: ChannelCheck, secrets: readonly string[]): void {
  if (checked.ok) assert.fail("the check should have failed");
  expectSentence(checked.error, secrets);
}

function expectSentence({ code, message }: SendFailure["error"], secrets: readonly string[]): void {
  assert.match(code, /^[a-z0-9][a-z0-9_-]*$/);
  assert.match(message, /^\S.*\.$/);
  for (const secret of secrets) assert.ok(!`${code} ${message}`.includes(secret), message);
}

function describe(outcome: SendOutcome): string {
  return JSON.stringify(outcome);
}
