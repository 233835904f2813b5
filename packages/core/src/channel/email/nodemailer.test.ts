import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import type { Channel, SendRequest } from "../../delivery/channel.ts";
import { openEmailChannel } from "./email-channel.ts";
import { type MailServer, startMailServer } from "./mail-server.fixture.ts";
import type { Nodemailer } from "./nodemailer.ts";
import { emailSettings } from "./settings.ts";

let server: MailServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** Runs it in a process of its own, as an ES module that can import this library's sources. */
async function run(code: string): Promise<string> {
  const { href } = new URL("../../index.ts", import.meta.url);
  const program = `${code.replaceAll("@tocsin/core", href)}`;
  const options = ["--conditions=tocsin-source", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 20_000 });
  return stdout.trim();
}

const WITHOUT_NODEMAILER = `
  import { registerHooks } from "node:module";
  const asked = [];
  registerHooks({
    resolve(specifier, context, next) {
      if (!specifier.startsWith("nodemailer")) return next(specifier, context);
      asked.push(specifier);
      throw Object.assign(new Error("Cannot find package"), { code: "ERR_MODULE_NOT_FOUND" });
    },
  });
  const { createNotifier, createEmailChannel } = await import("@tocsin/core");
  const logger = { debug() {}, info() {}, warn() {}, error() {} };
  const fallback = createEmailChannel({ smtpUrl: "smtp://127.0.0.1:1", from: "a@example.org", to: "b@example.org" });
  const notifier = createNotifier({ env: {}, logger, validateOnStart: false, webhookUrl: "file:/dev/null", fallback });
`;

describe("nodemailer", () => {
  it("is not asked for by a program that sends no mail", async () => {
    const sent = `await notifier.send({ title: "x" }); await notifier.close(); console.log(asked.length);`;
    expect(await run(`${WITHOUT_NODEMAILER} ${sent}`)).toBe("0");
  });

  it("is missed with a sentence that says how to install it", async () => {
    const checked = `
      const check = (await notifier.check()).get("fallback");
      console.log(asked.length, JSON.stringify(check));
      await notifier.close();`;
    const [, count, check] = /^(\d+) (.*)$/.exec(await run(`${WITHOUT_NODEMAILER} ${checked}`))!;
    expect(Number(count)).toBeGreaterThan(0);
    expect(JSON.parse(check!)).toEqual({
      ok: false,
      kind: "misconfigured",
      error: {
        code: "nodemailer-missing",
        message: expect.stringMatching(/needs the package nodemailer: run npm install nodemailer/),
        status: null,
      },
    });
  });

  it("keeps no program alive that has sent its mail and forgot to close", async () => {
    server = await startMailServer();
    const options = `{ host: "127.0.0.1", port: ${server.port}, from: "a@example.org", to: "b@example.org" }`;
    await run(`
      const { createNotifier, createEmailChannel } = await import("@tocsin/core");
      const notifier = createNotifier({ env: {}, validateOnStart: false, webhookUrl: createEmailChannel(${options}) });
      await notifier.send({ title: "last words" });
    `);
    expect(server.mails.map(({ subject }) => subject)).toEqual(["[Tocsin] info: last words"]);
  });
});

describe("the oldest version of nodemailer that is allowed", () => {
  const require = createRequire(import.meta.url);
  const oldest: Nodemailer = {
    SmtpConnection: require("nodemailer-oldest/lib/smtp-connection/index.js"),
    MailComposer: require("nodemailer-oldest/lib/mail-composer/index.js"),
  };
  const request: SendRequest = { notifications: [aNotification()], attempt: 1, degrade: [], now: 0 };

  function open(port: number): Channel {
    const auth = { user: "ops", pass: "hunter2" };
    const checked = emailSettings({ host: "127.0.0.1", port, auth, from: "a@example.org", to: "b@example.org" });
    if (!checked.ok) throw new Error(checked.problems.join());
    return openEmailChannel({ settings: checked.settings, clock: createVirtualClock(), load: async () => oldest });
  }

  it("sends, over one connection, and makes another when that is gone", async () => {
    server = await startMailServer({ login: { user: "ops", pass: "hunter2" } });
    const channel = open(server.port);
    for (let n = 0; n < 2; n++) expect(await channel.send(request)).toMatchObject({ kind: "delivered" });
    expect(server.connections).toBe(1);
    server.hangUp();
    expect(await channel.send(request)).toMatchObject({ kind: "delivered" });
    expect([server.mails.length, server.connections]).toEqual([3, 2]);
    await channel.close();
  });

  it("tells what may have arrived from what has not", async () => {
    server = await startMailServer({ login: { user: "ops", pass: "hunter2" } });
    const channel = open(server.port);
    server.refusals.set("RCPT", { code: 451, text: "later" });
    expect(await channel.send(request)).toMatchObject({ kind: "unavailable", error: { code: "smtp-451" } });
    server.refusals.clear();
    server.fallSilent();
    const handedOver = server.nextMessage();
    const sending = channel.send(request);
    await handedOver;
    server.hangUp();
    expect(await sending).toMatchObject({ kind: "ambiguous" });
    await server.close();
    const message = expect.stringMatching(/could not be handed over: connect ECONNREFUSED|nothing listens there/);
    expect(await channel.send(request)).toMatchObject({ kind: "unavailable", error: { message } });
    await channel.close();
  });
});
