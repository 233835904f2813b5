import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tocsin } from "../../testing/command-line.ts";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";

let server: TestApp;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  server = await startTestApp();
  env = { TOCSIN_SERVER: server.addresses.http };
});

afterEach(() => server[Symbol.asyncDispose]());

// A12
describe("tocsin channels", () => {
  it("pauses all or one, shows who did and why, and resumes", async () => {
    const [heading, row] = (await tocsin(["channels"], { env })).out.split("\n");
    expect(heading).toMatch(/^NAME +KIND +STATE +WAITING +WHICH +WHY$/);
    expect(row).toMatch(/^default +fake +idle +0 +fake$/);

    const order = ["--until", "2100-01-31T12:00:00+01:00", "--by", "Ann", "--reason", "maintenance"];
    const all = await tocsin(["channels", "pause", ...order], { env });
    expect([all.code, all.out]).toEqual([
      0,
      expect.stringMatching(/default .*paused .*all are until 2100-01-31 11:00:00Z by Ann \(maintenance\)/),
    ]);
    await tocsin(["channels", "pause", "default", "--for", "2h"], { env });
    await tocsin(["channels", "resume"], { env });
    expect((await tocsin(["channels", "list"], { env })).out).toMatch(/paused .* until \d{4}-/);
    await tocsin(["channels", "resume", "default"], { env });
    expect(JSON.parse((await tocsin(["channels", "--json"], { env })).out)).toMatchObject({
      pause: null,
      items: [{ name: "default", pause: null }],
    });
  });

  it("says of a channel with an open breaker that it does not answer, also when nothing waits there", async () => {
    const at = "2026-01-01T00:00:00.000Z";
    const item = {
      name: "ops",
      kind: "file",
      label: "x",
      mode: "idle",
      pause: null,
      waiting: 0,
      wait: null,
      error: null,
    };
    const last_error = { code: "http-500", message: "HTTP 500: the service failed.", at };
    const broken = createServer((_request, response) => {
      response.end(JSON.stringify({ pause: null, items: [{ ...item, breaker: "open", last_error }] }));
    });
    await once(broken.listen(0, "127.0.0.1"), "listening");
    const { out } = await tocsin([
      "channels",
      "--server",
      `http://127.0.0.1:${(broken.address() as AddressInfo).port}`,
    ]);
    broken.close();
    expect(out).toMatch(/\nops +file +idle +0 +x +does not answer: HTTP 500: the service failed.\n$/);
  });

  it("tests one, and ends with 4 when it is not usable or not there", async () => {
    expect(await tocsin(["channels", "test", "default"], { env })).toMatchObject({
      code: 0,
      out: "default is usable: fake\n",
    });
    expect(await tocsin(["channels", "test", "nope"], { env })).toMatchObject({
      code: 4,
      err: expect.stringMatching(/no channel nope/),
    });
  });

  it.each([
    { flags: ["--for", "soon"], says: /--for soon is no length of time/ },
    { flags: ["--for", "0h"], says: /--for 0h is no length of time/ },
    { flags: ["--until", "tomorrow"], says: /--until tomorrow is no time/ },
    { flags: ["--for", "2h", "--until", "2100-01-01T00:00:00Z"], says: /exclude each other/ },
  ])("refuses $flags, and pauses nothing", async ({ flags, says }) => {
    expect(await tocsin(["channels", "pause", ...flags], { env })).toMatchObject({
      code: 2,
      err: expect.stringMatching(says),
    });
    expect((await server.call("GET", "/api/channels")).json).toMatchObject({ pause: null });
  });
});
