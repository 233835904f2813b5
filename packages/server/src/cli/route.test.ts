/** Row D9, from the outside: routes in a file, explained over HTTP and on the command line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tocsin } from "../../testing/command-line.ts";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";

const FILE = `
time_zone: UTC
destinations: { ops: "\${OPS}" }
routes:
  - { name: nights, matchers: severity>=error, to: ops, quiet_hours: "22:00-07:00" }
  - { name: lab, matchers: site=lab, to: [ops, default], active_times: mon-fri }
`;

const folder = mkdtempSync(join(tmpdir(), "tocsin-routes-"));
const file = join(folder, "tocsin.yaml");
let server: TestApp;
let env: Readonly<Record<string, string>>;

beforeAll(async () => {
  writeFileSync(file, FILE);
  server = await startTestApp({ env: { TOCSIN_CONFIG: file, OPS: "console:" } });
  env = { TOCSIN_SERVER: server.addresses.http };
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

describe("tocsin route explain", () => {
  it("tells what each route says and who would be told", async () => {
    const sample = ["--severity", "warning", "--label", "site=lab", "--at", "2026-01-05T12:00:00Z"];
    expect(await tocsin(["route", "explain", ...sample], { env })).toMatchObject({
      code: 0,
      out: "nights: no, severity>=error does not hold\nlab: taken, to ops, default\nnow: ops, default (routes)\n",
    });
    const night = ["--severity", "error", "--at", "2026-01-05T23:00:00Z", "-o", "json"];
    const until = "2026-01-06T07:00:00.000Z";
    expect(JSON.parse((await tocsin(["route", "explain", ...night], { env })).out)).toEqual({
      to: [],
      deferred: [{ channel: "ops", until, by: "route" }],
      quietly: [],
      paused: [],
      because: "deferred",
      withheld: null,
      evaluations: [{ route: "nights", verdict: "deferred", to: ["ops"], until, matcher: null }],
    });
  });

  it("tells of silences and pauses", async () => {
    await tocsin(["silence", "add", "device=gw-7", "--for", "2h"], { env });
    expect((await tocsin(["route", "explain", "--label", "device=gw-7"], { env })).out).toMatch(
      /kept back by silence sil_\S+ until .*\nnow: nobody \(silenced\)\n$/,
    );
    await tocsin(["channels", "pause", "default"], { env });
    expect((await tocsin(["route", "explain", "--type", "shop"], { env })).out).toMatch(
      /paused: default\nnow: default \(default\)\n$/,
    );
  });

  it("is what history tells of a notification afterwards", async () => {
    const sent = await server.call<{ id: string }>("POST", "/api/notifications", {
      title: "Rain",
      labels: { site: "lab" },
      severity: "error",
    });
    const { json } = await server.call("GET", `/api/notifications/${sent.json.id}`);
    expect(json).toMatchObject({ routing: { evaluations: [{ route: "nights" }] } });
  });

  it("says what a label has to look like", async () => {
    expect(await tocsin(["route", "explain", "--label", "gw-7"], { env })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/must be written name=value/),
    });
  });
});

describe("tocsin config", () => {
  it("check is content with what is right", async () => {
    const right = { TOCSIN_CONFIG: file, OPS: "console:", DISCORD_WEBHOOK_URL: "file:alerts.ndjson" };
    expect(await tocsin(["config", "check"], { env: right })).toMatchObject({
      code: 0,
      out: `The environment and ${file} are right.\n`,
    });
    expect(await tocsin(["config", "check"], { env: {} })).toMatchObject({ code: 0 });
  });

  it("check lists every mistake", async () => {
    const { code, err } = await tocsin(["config", "check"], { env: { TOCSIN_CONFIG: file, PORT: "x" } });
    expect(code).toBe(2);
    expect(err).toBe(
      "- PORT must be a whole number from 0 to 65535.\n- destinations.ops (line 3): the environment variable OPS is not set.\n" +
        '- routes[1].to[1] (line 6): "default" is no destination: known are ops; or write a URL.\n',
    );
    writeFileSync(join(folder, "typo.yaml"), "routes: [{ name: a, to: opps }]");
    const typo = await tocsin(["config", "check"], { env: { TOCSIN_CONFIG: join(folder, "typo.yaml") } });
    expect(typo).toMatchObject({
      code: 2,
      err: expect.stringMatching(/routes\[0\]\.to \(line 1\): "opps" is no destination/),
    });
  });

  it("schema prints the form of the file", async () => {
    const { out } = await tocsin(["config", "schema"], { env: {} });
    expect(JSON.parse(out)).toMatchObject({ title: "tocsin.yaml", properties: { routes: { type: "array" } } });
  });
});
