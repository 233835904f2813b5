/** A bot that takes interactions at an address of its own, and verifies signatures with the key it was given. */
import { createPublicKey, verify } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { post, setUp } from "../../testing/harness.ts";
import { systemClock } from "../time/clock.ts";

/** What comes before the 32 bytes of a key in its encoded form. */
const SPKI = "302a300506032b6570032100";

interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

interface Heard {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly data: { readonly custom_id?: string; readonly name?: string };
}

async function setUpEndpoint(answer: (heard: Heard) => Reply, isCareless = false) {
  const bench = await setUp({ clock: systemClock });
  const bot = bench.emulator.createBot({ name: "Tocsin" });
  const key = createPublicKey({ key: Buffer.from(SPKI + bot.publicKey, "hex"), format: "der", type: "spki" });
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      const { "x-signature-ed25519": signature, "x-signature-timestamp": timestamp } = request.headers;
      const isRight = verify(null, Buffer.from(`${timestamp}${body}`), key, Buffer.from(String(signature), "hex"));
      const heard = JSON.parse(body) as Heard;
      const reply = isRight || isCareless ? replyTo(heard, answer) : { status: 401 };
      response.writeHead(reply.status, { "Content-Type": "application/json" }).end(JSON.stringify(reply.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await bench.emulator.close();
  };
  const register = async (name: string) => {
    const at = `${bench.emulator.url}/api/v10/applications/${bot.id}/commands`;
    const headers = { "content-type": "application/json", authorization: `Bot ${bot.token}` };
    await fetch(at, { method: "POST", headers, body: JSON.stringify({ name, description: "x" }) });
  };
  return { ...bench, bot, url, register, ada: bench.emulator.user("ada"), [Symbol.asyncDispose]: close };
}

function replyTo(heard: Heard, answer: (heard: Heard) => Reply): Reply {
  return heard.type === 1 ? { status: 200, body: { type: 1 } } : answer(heard);
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

describe("an endpoint for interactions", () => {
  it("takes a command and answers it in its response", async () => {
    await using at = await setUpEndpoint(({ data }) => ({
      status: 200,
      body: { type: 4, data: { content: `/${data.name} over HTTP`, flags: 64 } },
    }));
    await at.emulator.setInteractionsUrl(at.bot, at.url);
    await at.register("status");
    expect(await at.ada.slash(at.channel, "status")).toMatchObject({
      kind: "message",
      message: { content: "/status over HTTP", visibleTo: at.ada.id, author: { kind: "bot", id: at.bot.id } },
    });
  });

  it("may accept with 202 and answer through the callback", async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<Heard>();
    await using at = await setUpEndpoint((interaction) => {
      arrive(interaction);
      return { status: 202 };
    });
    await at.emulator.setInteractionsUrl(at.bot, at.url);
    await at.register("status");
    const outcome = at.ada.slash(at.channel, "status");
    const heard = await arrived;
    const callback = `${at.emulator.url}/api/v10/interactions/${heard.id}/${heard.token}/callback`;
    expect((await post(callback, { type: 4, data: { content: "later" } })).status).toBe(204);
    expect(await outcome).toMatchObject({ kind: "message", message: { content: "later" } });
    expect((await post(callback, { type: 4, data: { content: "twice" } })).body).toMatchObject({ code: 40060 });
  });

  it.each([
    { reply: { status: 500 }, reason: "The endpoint answered 500." },
    {
      reply: { status: 200, body: { type: 7 } },
      reason: /^The endpoint's answer is refused: .*type: Value must be one/,
    },
    { reply: { status: 200, body: { type: 4, data: {} } }, reason: /Cannot send an empty message/ },
  ])("that answers $reply has not answered", async ({ reply, reason }) => {
    await using at = await setUpEndpoint(() => reply);
    await at.emulator.setInteractionsUrl(at.bot, at.url);
    await at.register("status");
    const outcome = await at.ada.slash(at.channel, "status");
    expect(outcome.kind === "no-response" && outcome.reason).toMatch(reason);
  });

  it("is refused when it takes wrong signatures", async () => {
    await using at = await setUpEndpoint(() => ({ status: 200 }), true);
    const setting = at.emulator.setInteractionsUrl(at.bot, at.url);
    await expect(setting).rejects.toThrow("It must refuse a wrong signature with 401, but answered 200.");
  });

  it("is refused when nobody is there", async () => {
    await using at = await setUpEndpoint(() => ({ status: 200 }));
    const setting = at.emulator.setInteractionsUrl(at.bot, "http://127.0.0.1:1/");
    await expect(setting).rejects.toThrow("It does not answer");
  });
});
