import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { requestOf, setUp } from "../discord-webhook/emulated-discord.fixture.ts";
import { EXPIRED_CERT, ISSUER_CERT, KEY, LOCALHOST_CERT, OTHER_HOST_CERT } from "./certificates.fixture.ts";
import { classifyNoAnswer } from "./no-answer.ts";

const trusted = getCACertificates("default");
let endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  setDefaultCACertificates(trusted);
  for (const end of endings) await end();
  endings = [];
});

/** Starts it on a free port; it ends with the test, and its connections with it. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("error", () => {})));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  endings.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** What a send to this address comes to. */
async function outcomeAt(origin: string) {
  await using discord = await setUp();
  return await discord.open(`${origin}/api/webhooks/1/abc`).send(requestOf());
}

describe("what is not sent", () => {
  it("because nobody listens", async () => {
    const closed = createServer();
    const port = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await outcomeAt(`http://127.0.0.1:${port}`)).toEqual({
      kind: "unavailable",
      error: {
        code: "connection-refused",
        message: `127.0.0.1:${port}: the connection was refused; nothing listens there, or a firewall turns it away.`,
        status: null,
      },
      limits: null,
      countsAsInvalid: false,
    });
  });

  it("because the name does not exist", async () => {
    expect(await outcomeAt("http://discord.invalid:80")).toMatchObject({ kind: "unavailable", error: { code: "dns" } });
  });

  it("because the connection is not made before the deadline, and not later either, when it is", async () => {
    setDefaultCACertificates([ISSUER_CERT]);
    const handshake = Promise.withResolvers<() => void>();
    const server = createTlsServer({
      ...{ key: KEY, cert: LOCALHOST_CERT },
      SNICallback: (_, done) => handshake.resolve(() => done(null)),
    });
    let received = 0;
    server.on("secureConnection", (socket) => socket.on("data", (bytes) => (received += bytes.length)));
    const port = await listen(server);
    await using discord = await setUp({ transport: { timeoutMs: 5_000 } });
    const begun = once(server, "connection");
    const sending = discord.open(`https://localhost:${port}/api/webhooks/1/abc`).send(requestOf());
    const ended = begun.then(([socket]) => once(socket, "close"));
    const finishHandshake = await handshake.promise;
    await discord.clock.advance(5_000);
    expect(await sending).toMatchObject({ kind: "unavailable", error: { code: "timeout-connect" } });

    finishHandshake();
    await ended;
    expect(received).toBe(0);
  });

  it.each([
    ["has expired", EXPIRED_CERT, "tls-expired", /localhost:\d+: the TLS certificate has expired/],
    ["is another host's", OTHER_HOST_CERT, "tls-host-mismatch", /made out to another host/],
  ])("because the TLS certificate %s", async (_, cert, ...[code, message]) => {
    setDefaultCACertificates([ISSUER_CERT]);
    const port = await listen(createTlsServer({ key: KEY, cert }));
    const outcome = await outcomeAt(`https://localhost:${port}`);
    expect(outcome).toMatchObject({ kind: "unavailable", error: { code, message: expect.stringMatching(message) } });
  });

  it.each([
    ["self-signed", ISSUER_CERT, "tls-self-signed"],
    ["from an issuer that nobody knows", OTHER_HOST_CERT, "tls-untrusted"],
  ])("because the TLS certificate is %s", async (_, cert, code) => {
    const port = await listen(createTlsServer({ key: KEY, cert }));
    const outcome = await outcomeAt(`https://localhost:${port}`);
    expect(outcome).toMatchObject({ kind: "unavailable", error: { code, message: /NODE_EXTRA_CA_CERTS/ } });
  });

  it("because the port does not speak TLS", async () => {
    const port = await listen(
      createServer((socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))),
    );
    expect(await outcomeAt(`https://localhost:${port}`)).toMatchObject({ kind: "unavailable", error: { code: "tls" } });
  });
});

describe("classifyNoAnswer", () => {
  const host = "discord.com";
  const coded = (code: string): Error => Object.assign(new Error("x"), { code });

  it.each([
    ["ECONNRESET", "connection-reset"],
    ["EPIPE", "connection-reset"],
    ["UND_ERR_SOCKET", "connection-reset"],
    ["ETIMEDOUT", "timeout-headers"],
    ["EWHATEVER", "network"],
  ])("%s after writing is in doubt", (code, shown) => {
    const reply = { kind: "no-answer", cause: "error", error: coded(code), written: true } as const;
    expect(classifyNoAnswer(reply, host)).toMatchObject({ kind: "ambiguous", error: { code: shown } });
  });

  it.each([
    ["ECONNRESET", "connection-reset"],
    ["ETIMEDOUT", "timeout-connect"],
    ["EAI_AGAIN", "dns"],
    ["ENETUNREACH", "network-unreachable"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "tls"],
    ["constructor", "network"],
  ])("%s before writing is not", (code, shown) => {
    const reply = { kind: "no-answer", cause: "error", error: coded(code), written: false } as const;
    expect(classifyNoAnswer(reply, host)).toMatchObject({ kind: "unavailable", error: { code: shown } });
  });

  it.each([
    ["of several addresses", new AggregateError([coded("ECONNREFUSED"), coded("ENETUNREACH")]), "connection-refused"],
    ["of a cause", new Error("x", { cause: coded("ENOTFOUND") }), "dns"],
    ["that is no error", "oops", "network"],
    ["that is nothing", null, "network"],
  ])("finds the reason in an error %s", (_, error, code) => {
    const reply = { kind: "no-answer", cause: "error", error, written: false } as const;
    expect(classifyNoAnswer(reply, host).error.code).toBe(code);
  });
});
