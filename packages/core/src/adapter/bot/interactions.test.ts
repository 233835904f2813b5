import { generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { createInteractions } from "./interactions.ts";

const CHANNEL = "123456789012345678";
const NOW = Date.UTC(2026, 0, 1);
const { publicKey: key, privateKey } = generateKeyPairSync("ed25519");

async function setUp() {
  const interactions = createInteractions({
    ...{ key, clock: createVirtualClock({ startAt: NOW }), channelId: CHANNEL, secret: () => null },
    answerer: { status: async () => [], answer: async ({ kind }) => ({ type: kind === "ping" ? 1 : 4 }) },
  });
  const server = createServer(interactions.listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/discord/interactions`;
  return {
    /** Posts this, signed at this instant. */
    async post(body: string, at = NOW) {
      const timestamp = String(at / 1_000);
      const signature = sign(null, Buffer.from(`${timestamp}${body}`), privateKey).toString("hex");
      const headers = { "x-signature-ed25519": signature, "x-signature-timestamp": timestamp };
      const answer = await fetch(url, { method: "POST", headers, body });
      return { status: answer.status, json: await answer.json() };
    },
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

it("answers what Discord has signed, byte for byte", async () => {
  await using at = await setUp();
  expect(await at.post('{ "type": 1 }')).toEqual({ status: 200, json: { type: 1 } });
  const member = { user: { id: "2", username: "ada" } };
  const asked = { type: 2, id: "1", token: "t", channel_id: CHANNEL, member, data: { name: "status" } };
  expect(await at.post(JSON.stringify(asked))).toEqual({ status: 200, json: { type: 4 } });
});

it("tells the one who asks, where it is nothing that it knows", async () => {
  await using at = await setUp();
  for (const body of ["{}", "no json", '{"type":2,"data":{"name":"play"}}']) {
    expect(await at.post(body)).toMatchObject({ status: 200, json: { type: 4, data: { flags: 64 } } });
  }
});

it("answers 401 to everything else, as Discord checks now and then", async () => {
  await using at = await setUp();
  expect((await fetch(at.url, { method: "POST", body: '{"type":1}' })).status).toBe(401);
  expect(await at.post('{"type":1}', NOW - 301_000)).toMatchObject({ status: 401 });
  expect((await fetch(at.url)).status).toBe(405);
});

it("takes no more than anything of Discord's has", async () => {
  await using at = await setUp();
  expect(await at.post("x".repeat(300_000))).toMatchObject({ status: 413 });
});
