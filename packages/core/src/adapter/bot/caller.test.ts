import { expect, it } from "vitest";
import { startScriptedServer } from "../../../testing/scripted-server.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { createBotRest, knownToken } from "../../channel/discord-bot/rest.ts";
import { createHttpTransport } from "../../channel/http/transport.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import { createCaller } from "./caller.ts";

const JSON_TYPE = { "content-type": "application/json" };
const FINE = { status: 200, headers: JSON_TYPE, body: '{"id":"1"}' };
const ASK = { method: "GET", path: "/gateway/bot" } as const;

async function setUp() {
  const server = await startScriptedServer(FINE);
  const transport = createHttpTransport({ clock: createSystemClock() });
  const api = { origin: server.origin, base: "/api/v10" };
  const clock = createVirtualClock();
  const rest = createBotRest({ api, clock, credentials: knownToken("s3cret-token"), transport });
  return {
    ...{ server, clock, caller: createCaller({ rest, clock }) },
    [Symbol.asyncDispose]: async () => {
      rest.close();
      await transport.close();
      await server.close();
    },
  };
}

it("asks as the bot, and returns what it is told", async () => {
  await using at = await setUp();
  expect(await at.caller.call({ method: "POST", path: "/x", body: { a: 1 } })).toEqual({ ok: true, body: { id: "1" } });
  expect(at.server.requests).toMatchObject([
    { method: "POST", path: "/api/v10/x", body: '{"a":1}', headers: { authorization: "Bot s3cret-token" } },
  ]);
});

it.each([
  { what: "told to wait", headers: { ...JSON_TYPE, "retry-after": "7" }, body: '{"retry_after":7}', waitMs: 7_000 },
  {
    what: "shut out without a word on how long",
    headers: JSON_TYPE,
    body: '{"code":0,"message":"blocked"}',
    waitMs: 900_000,
  },
])("asks nothing more when it is $what, until that is over", async ({ headers, body, waitMs }) => {
  await using at = await setUp();
  at.server.answerWith({ status: 429, headers, body });
  expect(await at.caller.call(ASK)).toMatchObject({ ok: false, waitMs });
  at.server.answerWith(FINE);
  await at.clock.advance(waitMs - 1);
  expect(await at.caller.call(ASK)).toMatchObject({ ok: false, kind: "rate-limited", waitMs: 1 });
  expect(at.server.requests).toHaveLength(1);
  await at.clock.advance(1);
  expect(await at.caller.call(ASK)).toMatchObject({ ok: true });
});

it("tries again what passes, as often as it may, and nothing that was refused", async () => {
  await using at = await setUp();
  at.server.answerWith({ status: 503 });
  const asked = at.caller.call({ ...ASK, attempts: 3 });
  await at.server.nextRequest();
  at.server.answerWith(FINE);
  for (let n = 0; at.server.requests.length < 2 && n < 1_000; n++) {
    await new Promise(setImmediate);
    await at.clock.advance(10);
  }
  expect(await asked).toMatchObject({ ok: true });
  at.server.answerWith({ status: 401, headers: JSON_TYPE, body: '{"code":0,"message":"401: Unauthorized"}' });
  expect(await at.caller.call({ ...ASK, attempts: 3 })).toMatchObject({
    ok: false,
    status: 401,
    kind: "misconfigured",
  });
  expect(at.server.requests).toHaveLength(3);
});

it("asks only so much at once", async () => {
  await using at = await setUp();
  at.server.answerWith(null);
  for (let n = 0; n < 20; n++) void at.caller.call(ASK);
  expect(await at.caller.call(ASK)).toMatchObject({ ok: false, problem: "Too much is asked at once." });
});

const LIMITED = { status: 429, headers: { ...JSON_TYPE, "retry-after": "7" }, body: '{"retry_after":7}' };
const PRESSED = { method: "POST", path: "/interactions/1/t/callback", body: { type: 6 } } as const;

it("answers whoever has pressed something also while it has to wait elsewhere, and waits there for all of one kind", async () => {
  await using at = await setUp();
  const mark = (message: string) =>
    ({ method: "PUT", path: `/channels/5/messages/${message}/reactions/x/@me` }) as const;
  at.server.answerWith(LIMITED);
  expect(await at.caller.call(mark("11"))).toMatchObject({ ok: false });
  at.server.answerWith(FINE);
  expect(await at.caller.call(PRESSED)).toMatchObject({ ok: true });
  expect(await at.caller.call(mark("12"))).toMatchObject({ ok: false, waitMs: 7_000 });
  expect(at.server.requests).toHaveLength(2);
});

it("waits everywhere when Discord says so of everything", async () => {
  await using at = await setUp();
  const headers = { ...LIMITED.headers, "x-ratelimit-global": "true" };
  at.server.answerWith({ ...LIMITED, headers, body: '{"retry_after":7,"global":true}' });
  expect(await at.caller.call(ASK)).toMatchObject({ ok: false });
  expect(await at.caller.call(PRESSED)).toMatchObject({ ok: false, waitMs: 7_000 });
});

it("goes on after the wait with what may be tried again, such as the commands", async () => {
  await using at = await setUp();
  at.server.answerWith(LIMITED);
  const asked = at.caller.call({ method: "POST", path: "/applications/1/guilds/2/commands", attempts: 2 });
  await at.server.nextRequest();
  at.server.answerWith(FINE);
  for (let n = 0; at.server.requests.length < 2 && n < 1_000; n++) {
    await new Promise(setImmediate);
    await at.clock.advance(100);
  }
  expect(await asked).toMatchObject({ ok: true });
});
