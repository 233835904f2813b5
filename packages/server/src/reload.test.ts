import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../testing/test-app.ts";

const RIGHT = `
destinations:
  ops: "file:FOLDER/ops.ndjson"
routes:
  - { name: lab, matchers: site=lab, to: ops }
`;

let folder: string;
let server: TestApp;

function write(text: string): void {
  writeFileSync(join(folder, "tocsin.yaml"), text.replaceAll("FOLDER", folder));
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-reload-"));
  write("routes: []\n");
  server = await startTestApp({ env: { TOCSIN_CONFIG: join(folder, "tocsin.yaml") } });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function explained(): Promise<unknown> {
  const { json } = await server.call<{ to: unknown }>("POST", "/api/routes/explain", { labels: { site: "lab" } });
  return json.to;
}

const said = () => server.log.filter(({ level }) => level >= 40).map(({ msg }) => msg);

describe("a reload", () => {
  it("puts a file without mistakes into force, and says what has changed and what cannot", async () => {
    expect(await explained()).toEqual(["default"]);
    write(RIGHT);
    expect(await server.app.reload()).toBe(true);
    expect(await explained()).toEqual(["ops"]);
    expect(server.log).toContainEqual(
      expect.objectContaining({
        msg: expect.stringMatching(/is in force\. Variables \(ports, database/),
        destinations: { added: ["ops"], changed: [], removed: [] },
      }),
    );
    expect((await server.call("GET", "/api/channels")).json).toMatchObject({ items: [{}, { name: "ops" }] });
  });

  it("leaves everything as it was when there are mistakes, and says each with its line", async () => {
    write(RIGHT);
    await server.app.reload();
    write(`${RIGHT}  - { to: opps, macthers: a=b }\nport: 8001\n`);
    expect(await server.app.reload()).toBe(false);
    expect(said()).toEqual([
      "routes[1].macthers (line 6): there is no such setting; did you mean matchers?",
      'routes[1].to (line 6): "opps" is no destination: known are ops, default; or write a URL',
      "port (line 7): is set by the environment variable PORT",
      "The file has mistakes: the configuration stays as it was",
    ]);
    expect(await explained()).toEqual(["ops"]);
  });

  it("of a file that is gone changes nothing", async () => {
    write(RIGHT);
    await server.app.reload();
    rmSync(join(folder, "tocsin.yaml"));
    expect(await server.app.reload()).toBe(false);
    expect(said()[0]).toMatch(/cannot be read \(ENOENT\)/);
    expect(await explained()).toEqual(["ops"]);
  });

  it("loses nothing that waits for a destination that is gone", async () => {
    write(RIGHT);
    await server.app.reload();
    await server.call("POST", "/api/channels/ops/pause", {});
    await server.call("POST", "/api/notifications", { title: "Rain", labels: { site: "lab" } });
    write("routes: []\n");
    expect(await server.app.reload()).toBe(true);
    expect(await server.untilTold(1)).toMatchObject([{ title: "Rain" }]);
  });

  it("follows the last of several that come at once", async () => {
    write(RIGHT);
    const first = server.app.reload();
    write("routes: []\n");
    expect(await Promise.all([first, server.app.reload()])).toEqual([true, true]);
    expect(await explained()).toEqual(["default"]);
  });
});

it("a server without a file says that there is nothing to reload", async () => {
  const without = await startTestApp();
  expect(await without.app.reload()).toBe(false);
  expect(without.log).toContainEqual(
    expect.objectContaining({ msg: expect.stringMatching(/TOCSIN_CONFIG names no file/) }),
  );
  await without[Symbol.asyncDispose]();
});
