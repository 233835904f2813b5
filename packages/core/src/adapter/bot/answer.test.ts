import { expect, it } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import type { AlertDesk, DeskAnswer, OpenAlert } from "../../alert/desk.ts";
import { buttonsOf } from "../../channel/discord-bot/buttons.ts";
import { matterOf } from "../../channel/discord-bot/custom-id.ts";
import { type AnswerParts, createAnswerer } from "./answer.ts";
import type { CommandName } from "./commands.ts";
import { joinDesks } from "./desks.ts";
import type { Interaction } from "./incoming.ts";

const SECRET = "the bot's token";
const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 0, 1);
const AT = NOW / 1_000;
const ada = { id: "2", name: "Ada", roles: ["7"] };
const asked = { id: "1", token: "t", asker: ada, isHere: true };

const busApi: OpenAlert = {
  ...{ key: "health:x:Bus API", name: "Bus API", phase: "firing", since: NOW - HOUR },
  ...{ acknowledgedAt: null, acknowledgedBy: null, silencedUntil: null },
};
const weather: OpenAlert = { ...busApi, key: "health:x:Weather *API*", name: "Weather *API*", since: NOW - 2 * HOUR };

function setUp(alerts: readonly OpenAlert[] = [busApi], about: Partial<AnswerParts> = {}) {
  const clock = createVirtualClock({ startAt: NOW });
  const done: unknown[][] = [];
  const act =
    (what: string, change: (until: number) => Partial<OpenAlert>) =>
    (key: string, ...rest: readonly unknown[]): DeskAnswer => {
      done.push([what, key, ...rest]);
      const alert = alerts.find((one) => one.key === key);
      if (alert === undefined) return { kind: "not-open" };
      if (what === "acknowledge" && alert.acknowledgedAt !== null) return { kind: "already", alert };
      return { kind: "done", alert: { ...alert, ...change(Number(rest[0])) } };
    };
  const desk: AlertDesk = {
    list: () => alerts,
    acknowledge: act("acknowledge", () => ({ acknowledgedAt: NOW, acknowledgedBy: "Ada" })),
    silence: act("silence", (silencedUntil) => ({ silencedUntil })),
    resolve: act("resolve", () => ({})),
  };
  const answerer = createAnswerer({
    ...{ clock, program: "Wall Display", startedAt: NOW, channelId: "9", roles: [], secret: () => SECRET },
    ...{ components: () => [], desk, ...about },
  });
  return { clock, done, answerer };
}

function command(name: CommandName, options: Record<string, string> = {}): Interaction {
  return { kind: "command", ...asked, name, options: new Map(Object.entries(options)) };
}

function press(action: "acknowledge" | "silence" | "resolve", key = busApi.key): Interaction {
  const rows = buttonsOf({ key, phase: "firing", actions: ["acknowledge", "silence", "resolve"] }, SECRET);
  return {
    kind: "press",
    ...asked,
    press: { action, matter: matterOf(key) },
    message: { id: "5", content: "Text", rows },
  };
}

const contentOf = ({ data }: { readonly data?: Readonly<Record<string, unknown>> }) => data?.["content"];
const isWhispered = ({ data }: { readonly data?: Readonly<Record<string, unknown>> }) => data?.["flags"] === 64;

it("answers a ping", async () => {
  expect(await setUp().answerer.answer({ kind: "ping" })).toEqual({ type: 1 });
});

it("tells the status, and pings nobody", async () => {
  expect(await setUp().answerer.answer(command("status"))).toMatchObject({
    type: 4,
    data: { embeds: [{ title: "Wall Display Status" }], allowed_mentions: { parse: [] } },
  });
});

it("lists what is wrong, with names as they are", async () => {
  const acknowledged = { ...busApi, acknowledgedAt: NOW, acknowledgedBy: "Ada", silencedUntil: NOW + HOUR };
  const reply = await setUp([weather, acknowledged]).answerer.answer(command("alerts"));
  expect(contentOf(reply)).toBe(
    `- **Weather \\*API\\*** is down since <t:${AT - 7_200}:R> (2h 0m)\n` +
      `- **Bus API** is down since <t:${AT - 3_600}:R> (1h 0m), acknowledged by Ada, silenced until <t:${AT + 3_600}:t>`,
  );
  expect(contentOf(await setUp([]).answerer.answer(command("alerts")))).toBe("Nothing is wrong right now.");
});

it.each([
  [command("ack"), [["acknowledge", busApi.key, { name: "Ada" }]], /^\*\*Bus API\*\*: ✅ Acknowledged by <@2> at <t:/],
  [command("ack", { alert: "bus" }), [["acknowledge", busApi.key, { name: "Ada" }]], /Acknowledged by <@2>/],
  [command("silence"), [["silence", busApi.key, NOW + HOUR, { name: "Ada" }]], /🔕 Silenced until <t:\d+:t> by <@2>/],
  [command("silence", { for: "30m" }), [["silence", busApi.key, NOW + HOUR / 2, { name: "Ada" }]], /Silenced until/],
])("does what a command says, and tells everybody %#", async (interaction, does, says) => {
  const { answerer, done } = setUp();
  const reply = await answerer.answer(interaction);
  expect(done).toEqual(does);
  expect(contentOf(reply)).toMatch(says);
  expect(isWhispered(reply)).toBe(false);
});

it.each([
  {
    what: "which alert is meant",
    alerts: [busApi, weather],
    ask: command("ack", { alert: "API" }),
    says: /^Which one\? There/,
  },
  {
    what: "which alerts there are",
    ask: command("ack", { alert: "nope" }),
    says: /^No such alert\. There is \*\*Bus API/,
  },
  { what: "that nothing is wrong", alerts: [], ask: command("ack"), says: /^Nothing is wrong/ },
  { what: "how long", ask: command("silence", { for: "soon" }), says: /^How long\?/ },
  { what: "that this is too long", ask: command("silence", { for: "31d" }), says: /^How long\?/ },
  {
    ...{ what: "who was first", alerts: [{ ...busApi, acknowledgedAt: 1, acknowledgedBy: "Ben" }] },
    ...{ ask: command("ack"), says: /already by Ben\.$/ },
  },
  { what: "that a button is of no use", ask: { kind: "unknown-button", ...asked } as Interaction, says: /use `\/ack`/ },
  { what: "where to ask", ask: { ...command("status"), isHere: false } as Interaction, says: /^Ask me in <#9>\.$/ },
])("tells whoever asks alone $what", async ({ alerts, ask, says }) => {
  const reply = await setUp(alerts).answerer.answer(ask);
  expect(contentOf(reply)).toMatch(says);
  expect(isWhispered(reply)).toBe(true);
});

it("shows in the message who pressed what and when, and leaves the rest as it is", async () => {
  const { answerer, done } = setUp();
  const reply = await answerer.answer(press("acknowledge"));
  expect(done).toEqual([["acknowledge", busApi.key, { name: "Ada" }]]);
  expect(reply).toMatchObject({ type: 7, data: { content: `Text\n✅ Acknowledged by <@2> at <t:${AT}:t>` } });
  expect(reply.data).not.toHaveProperty("embeds");
  expect(disabledIn(reply)).toEqual([true, undefined, undefined]);
});

it("keeps what another has written whose press this presser had not seen", async () => {
  const alert = { ...busApi };
  const { answerer } = setUp([alert]);
  const first = contentOf(await answerer.answer(press("acknowledge")));
  Object.assign(alert, { acknowledgedAt: NOW, acknowledgedBy: "Ada" });
  // Too late for the same: finds what has been done, and nothing beside.
  const second = await answerer.answer(press("acknowledge"));
  expect(contentOf(second)).toBe(first);
  const third = await answerer.answer(press("silence"));
  expect(contentOf(third)).toMatch(/^Text\n✅ Acknowledged by <@2> at <t:\d+:t>\n🔕 Silenced until /);
  expect(disabledIn(third)).toEqual([true, true, undefined]);
});

it.each([
  ["resolve", busApi.key, /☑️ Resolved by <@2>/],
  ["acknowledge", "health:x:over", /This is over already\./],
] as const)("disables all buttons when there is nothing left to do: %s of %s", async (action, key, says) => {
  const reply = await setUp().answerer.answer(press(action, key));
  expect(contentOf(reply)).toMatch(says);
  expect(disabledIn(reply)).toEqual([true, true, true]);
});

it.each([press("resolve"), press("silence"), command("ack"), command("silence")])(
  "lets nobody act without the role %#",
  async (interaction) => {
    const { answerer, done } = setUp([busApi], { roles: ["8"] });
    const reply = await answerer.answer(interaction);
    expect(contentOf(reply)).toBe("This takes the role <@&8>: ask an administrator of the server for it.");
    expect(isWhispered(reply)).toBe(true);
    expect(done).toEqual([]);
    const allowed = setUp([busApi], { roles: ["8", "7"] });
    await allowed.answerer.answer(interaction);
    expect(allowed.done).toHaveLength(1);
  },
);

it("suggests names while somebody types, and nothing elsewhere", async () => {
  const suggesting: Interaction = { kind: "suggest", ...asked, typed: "wea" };
  const { answerer } = setUp([busApi, weather]);
  expect(await answerer.answer(suggesting)).toEqual({
    type: 8,
    data: { choices: [{ name: "Weather *API*", value: "Weather *API*" }] },
  });
  expect(await answerer.answer({ ...suggesting, isHere: false })).toEqual({ type: 8, data: { choices: [] } });
});

it("answers in time even where a desk does not, or fails", async () => {
  const never = { ...joinDesks([]), list: () => new Promise<never>(() => {}) };
  const slow = setUp([], { desk: never });
  const waiting = slow.answerer.answer(command("alerts"));
  await slow.clock.advance(2_000);
  expect(contentOf(await waiting)).toMatch(/takes too long/);
  const broken = { ...never, list: () => Promise.reject(new Error("database is locked")) };
  expect(contentOf(await setUp([], { desk: broken }).answerer.answer(command("alerts")))).toMatch(/^That has failed/);
  expect(slow.clock.pending).toBe(0);
});

function disabledIn({ data }: { readonly data?: Readonly<Record<string, unknown>> }) {
  const rows = (data?.["components"] ?? []) as { components: { disabled?: boolean }[] }[];
  return rows.flatMap(({ components }) => components.map(({ disabled }) => disabled));
}
