import { existsSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SendOutcome } from "@tocsin/core";
import { openSqliteStore } from "@tocsin/core/sqlite";
import { aNotification, createVirtualClock, outcomes } from "@tocsin/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tocsin } from "../../testing/command-line.ts";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";

const refused = outcomes.rejected(null, { code: "discord-50035" });
/** `fails`: how it answers while it refuses. */
const remote = { refuses: true, fails: refused as SendOutcome };

/** A server of which everything becomes a dead letter while the remote refuses. */
function startServer(folder: string): Promise<TestApp> {
  const respond = () => (remote.refuses ? remote.fails : outcomes.delivered("msg-1"));
  return startTestApp({ folder, channel: { respond }, env: { DISCORD_RATE_LIMIT: "100000" } });
}

async function tell(server: TestApp, body: object): Promise<string> {
  const { id } = (await server.call<{ id: string }>("POST", "/api/notifications", body)).json;
  const status = async () => (await server.call<{ status: string }>("GET", `/api/notifications/${id}`)).json.status;
  await expect.poll(status).not.toBe("waiting");
  return id;
}

async function letters(server: TestApp): Promise<readonly { id: string }[]> {
  return (await server.call<{ items: { id: string }[] }>("GET", "/api/dead-letters")).json.items;
}

let folder: string;
let server: TestApp;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  Object.assign(remote, { refuses: true, fails: refused });
  folder = mkdtempSync(join(tmpdir(), "tocsin-cli-"));
  server = await startServer(folder);
  env = { TOCSIN_SERVER: server.addresses.http };
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

describe("tocsin dlq", () => {
  it("lists dead letters as a table, and as JSON", async () => {
    expect(await tocsin(["dlq", "list"], { env })).toEqual({ code: 0, out: "There are no dead letters.\n", err: "" });
    await tell(server, { type: "error", title: "Import\u001b[31m failed\nbadly" });
    await tell(server, { type: "critical", title: "Disk full" });
    const { code, out } = await tocsin(["dlq"], { env });
    const [heading, first, second] = out.split("\n");
    expect(code).toBe(0);
    expect(heading).toMatch(/^ID +CREATED +CHANNEL +TYPE +SEVERITY +TITLE +REASON$/);
    expect(first).toMatch(
      /^dlv_\S+ +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +default +critical +critical +Disk full +rejected \(discord-50035\)$/,
    );
    expect(second).toContain("Import [31m failed badly");
    const json = JSON.parse((await tocsin(["dlq", "list", "--type", "error", "--json"], { env })).out);
    expect(json).toMatchObject({ items: [{ notification: { type: "error" } }], next_cursor: null });
  });

  it("says that there are more than were asked for", async () => {
    for (const title of ["a", "b", "c"]) await tell(server, { title });
    const { out, err } = await tocsin(["dlq", "list", "--limit", "2"], { env });
    expect(out.trim().split("\n")).toHaveLength(3);
    expect(err).toMatch(/there are more; raise --limit 2/);
  });

  it("shows one with its attempts", async () => {
    await tell(server, { type: "error", title: "Import failed" });
    const [{ id }] = (await letters(server)) as [{ id: string }];
    const { code, out } = await tocsin(["dlq", "show", id], { env });
    expect(code).toBe(0);
    expect(out).toMatch(
      new RegExp(
        `^${id} {2}failed at default, .*: rejected\n {2}The destination refused the message.\n {2}Import failed\n`,
      ),
    );
    expect(out).toMatch(/try 1, .*, waited \d+ ms, took \d+ ms, rejected 400 discord-50035: Scripted failure/);
    expect(await tocsin(["dlq", "show", "dlv_none"], { env })).toMatchObject({
      code: 4,
      err: "tocsin: There is no dead letter dlv_none.\n",
    });
  });

  it("replays by id, by filter and all of them, and says what was not", async () => {
    for (const type of ["error", "critical", "general"]) await tell(server, { type, title: type });
    const [{ id }] = (await letters(server)) as [{ id: string }];
    remote.refuses = false;
    expect(await tocsin(["dlq", "replay", id], { env })).toEqual({
      code: 0,
      out: "Replayed 1 dead letter.\n",
      err: "",
    });
    expect(await tocsin(["dlq", "replay", "--type", "error"], { env })).toMatchObject({ code: 0 });
    expect((await tocsin(["dlq", "replay", "--all"], { env })).out).toBe("Replayed 1 dead letter.\n");
    await expect
      .poll(() =>
        server
          .told()
          .map(({ type }) => type)
          .sort()
          .slice(-3),
      )
      .toHaveLength(3);
    expect(await letters(server)).toEqual([]);
    expect(await tocsin(["dlq", "replay", "dlv_none", "dlv_none"], { env })).toEqual({
      code: 4,
      out: "Replayed 0 dead letters.\n",
      err: "tocsin: dlv_none was not replayed: there is no such dead letter.\n",
    });
  });

  it("says when nothing matches, and when a channel is disabled so that a replay is in vain", async () => {
    expect(await tocsin(["dlq", "replay", "--channel", "nope"], { env })).toEqual({
      code: 0,
      out: "Nothing was replayed: no dead letter matches.\n",
      err: "",
    });
    remote.fails = outcomes.misconfigured();
    await tell(server, { title: "Import failed" });
    expect(await tocsin(["dlq", "replay", "--all"], { env })).toEqual({
      code: 0,
      out: "Replayed 1 dead letter.\n",
      err: expect.stringMatching(
        /^tocsin: default is disabled: what was replayed for it is a dead letter again\. .*\n$/,
      ),
    });
  });

  it("replays what newer news has overtaken only when forced", async () => {
    await tell(server, { title: "Down", key: "pump" });
    remote.refuses = false;
    await tell(server, { title: "Up", key: "pump" });
    const { code, err } = await tocsin(["dlq", "replay", "--all"], { env });
    expect([code, err]).toEqual([4, expect.stringMatching(/newer news .* has overtaken it; --force/)]);
    expect((await tocsin(["dlq", "replay", "--all", "--force"], { env })).code).toBe(0);
  });

  it("discards, and counts ids that named nothing", async () => {
    for (const title of ["a", "b"]) await tell(server, { title });
    const [{ id }] = (await letters(server)) as [{ id: string }];
    expect(await tocsin(["dlq", "discard", id, id, "dlv_none"], { env })).toEqual({
      code: 4,
      out: "Discarded 1 dead letter; history keeps what they were.\n",
      err: "tocsin: 1 id of 2 named no dead letter.\n",
    });
    expect(await tocsin(["dlq", "discard", "--all", "--json"], { env })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/"discarded": 1/),
    });
  });

  it.each([["replay"], ["discard"], ["replay", "dlv_1", "--all"], ["discard", "--type", "a", "--all"]])(
    "wants to know which ones: %j",
    async (...args) => {
      expect(await tocsin(["dlq", ...args], { env })).toMatchObject({
        code: 2,
        err: expect.stringMatching(/Say which dead letters are meant/),
      });
    },
  );
});

describe("tocsin history", () => {
  it("lists and shows notifications, found by what they are about", async () => {
    remote.refuses = false;
    const id = await tell(server, {
      type: "error",
      title: "Import failed",
      labels: { job: "import", "a=b": "c=d" },
      key: "imp",
    });
    await tell(server, { title: "All is well" });
    expect((await tocsin(["history"], { env })).out.trim().split("\n")).toHaveLength(3);
    for (const flags of [
      ["--type", "error"],
      ["--text", "import"],
      ["--label", "job=import", "--label", String.raw`a\=b=c=d`],
      ["--severity", "error", "--status", "delivered", "--channel", "default", "--from", "1h"],
    ]) {
      const { out } = await tocsin(["history", "list", ...flags], { env });
      expect(out).toMatch(new RegExp(`\n${id} +\\S+ \\S+Z +error +error +delivered +default +Import failed\n$`));
    }
    expect((await tocsin(["history", "list", "--to", "1h"], { env })).out).toBe("Nothing was found.\n");
    for (const command of [
      ["history", "list"],
      ["history", "stats"],
      ["dlq", "list"],
      ["dlq", "discard"],
    ]) {
      expect(await tocsin([...command, "--from", "1h", "--to", "2h"], { env })).toEqual({
        code: 2,
        out: "",
        err: "tocsin: --from lies after the end of the range: exchange them.\n",
      });
    }
    const { out } = await tocsin(["history", "show", id], { env });
    expect(out).toMatch(new RegExp(`^${id} {2}delivered\n {2}Import failed\n {2}type error, severity error, created `));
    expect(out).toMatch(
      / {2}key imp\n {2}labels job=import, a\\=b=c=d\n {2}default: delivered \(1 attempt, message msg-1\)\n {4}try 1/,
    );
    expect(JSON.parse((await tocsin(["history", "show", id, "--json"], { env })).out)).toMatchObject({ id });
  });

  it("tells the figures, by type, channel or severity", async () => {
    await tell(server, { type: "error", title: "a" });
    remote.refuses = false;
    await tell(server, { type: "error", title: "b" });
    const { out } = await tocsin(["history", "stats"], { env });
    expect(out).toMatch(
      /\nTYPE +DELIVERED +FAILED +SUCCESS +REQUESTS .*\nerror +1 +1 +50.00 % +2 .*\nall +1 +1 +50.00 % +2 /,
    );
    expect(out).toMatch(/\nAt the first try 1, .*\nNot arrived: rejected 1.\n$/);
    expect((await tocsin(["history", "stats", "--by", "channel"], { env })).out).toMatch(/\nCHANNEL .*\ndefault +1 /);
    expect(JSON.parse((await tocsin(["history", "stats", "--json", "--from", "2h"], { env })).out)).toMatchObject({
      total: { success_rate: 0.5 },
    });
  });

  it("archives what is old", async () => {
    expect(await tocsin(["history", "archive"], { env })).toMatchObject({
      code: 0,
      out: "0 notifications left the history, 0 of them into the archive.\n",
    });
  });

  it.each([
    { args: ["list", "--from", "soon"], says: /--from soon is no time: write how long ago/ },
    { args: ["list", "--limit", "0"], says: /whole number from 1/ },
    { args: ["stats", "--by", "hour"], says: /Allowed choices are type, channel, severity/ },
    { args: ["lost"], says: /no command "history lost": list, show, stats, archive are those/ },
    { args: ["show"], says: /missing required argument/ },
    { args: ["list", "--server", "localhost"], says: /localhost is no address of a server/ },
    { args: ["list", "--server", "http://a", "--database", "b"], says: /exclude each other/ },
  ])("exits with 2 for $args", async ({ args, says }) => {
    expect(await tocsin(["history", ...args], { env })).toMatchObject({ code: 2, err: expect.stringMatching(says) });
  });

  it("passes on what the server has to say against it", async () => {
    expect(await tocsin(["history", "list", "--status", "lost"], { env })).toEqual({
      code: 2,
      out: "",
      err: "tocsin: --status must be one of waiting, delivered, folded, partial, failed, dropped, expired, skipped.\n",
    });
    expect(await tocsin(["dlq", "replay", "--severity", "bad"], { env })).toMatchObject({
      code: 2,
      err: "tocsin: --severity must be one of info, warning, error, critical.\n",
    });
  });
});

describe("the file of a server that is not running", () => {
  const file = () => join(folder, "test.db");

  /** A notification of a month ago. */
  async function keepOld(): Promise<void> {
    const clock = createVirtualClock({ startAt: Date.now() - 30 * 86_400_000 });
    const store = openSqliteStore({ database: file(), clock, keepMs: Number.POSITIVE_INFINITY });
    const old = aNotification({ id: "ntf_old", title: "Old", createdAt: clock.now() });
    await store.history.skip(old, "no-destination");
    await store.close();
  }

  it("is read and worked on without it; what is replayed is sent when it starts", async () => {
    const id = await tell(server, { title: "Import failed" });
    await server.stop();
    const database = ["--database", file()];
    expect((await tocsin(["history", "list", ...database])).out).toContain(id);
    expect((await tocsin(["dlq", "list", ...database])).out).toContain("Import failed");
    expect((await tocsin(["history", "stats", ...database])).out).toMatch(/general +0 +1 +0.00 %/);
    expect(await tocsin(["dlq", "replay", "--all", ...database])).toMatchObject({
      code: 0,
      out: "Replayed 1 dead letter; the server sends them when it starts.\n",
    });
    remote.refuses = false;
    server = await startServer(folder);
    expect(await server.untilTold(1)).toMatchObject([{ id, title: "Import failed" }]);
  });

  it("is archived as the environment says", async () => {
    await tell(server, { title: "New" });
    await server.stop();
    await keepOld();
    const env = { HISTORY_RETENTION_DAYS: "10", HISTORY_ARCHIVE_FOLDER: join(folder, "archive") };
    const database = ["--database", `sqlite:${file()}`];
    expect((await tocsin(["dlq", "replay", "--all", ...database], { env })).out).toMatch(/^Replayed 1 /);
    expect((await tocsin(["history", ...database], { env })).out).toMatch(/New\n.*Old\n$/);
    expect(await tocsin(["history", "archive", ...database], { env })).toMatchObject({
      code: 0,
      out: "1 notification left the history, 1 of them into the archive.\n",
    });
    expect((await tocsin(["history", ...database], { env })).out).not.toContain("Old");
    expect(readdirSync(join(folder, "archive"))).toEqual([expect.stringMatching(/\.ndjson\.gz$/)]);
  });

  it("is left to the server that is running", async () => {
    const { code, err } = await tocsin(["dlq", "list", "--database", file()]);
    expect(code).toBe(3);
    expect(err).toMatch(/STORE_IN_USE: .*test.db is open in this process .* leave --database out/);
  });

  it("must be there, and must be ours; neither is made or changed", async () => {
    const missing = join(folder, "none.db");
    expect(await tocsin(["dlq", "list", "--database", missing])).toMatchObject({
      code: 3,
      err: expect.stringMatching(/There is no file /),
    });
    expect(existsSync(missing)).toBe(false);
    const foreign = join(folder, "notes.txt");
    writeFileSync(foreign, "my notes, which are not a database, and long enough to be looked at");
    expect(await tocsin(["history", "--database", foreign])).toMatchObject({
      code: 3,
      err: expect.stringMatching(/STORE_FOREIGN: .*notes.txt/),
    });
    expect(await tocsin(["history", "--database", "postgres://db"])).toMatchObject({
      code: 2,
      err: expect.stringMatching(/PostgreSQL/),
    });
  });
});

describe("a server that does not answer", () => {
  it("is told apart, with how to start it", async () => {
    const { code, err } = await tocsin(["dlq", "list", "--server", "http://127.0.0.1:9"]);
    expect(code).toBe(3);
    expect(err).toMatch(
      /^tocsin: No server answers at http:\/\/127.0.0.1:9 \(\S+.*\). Start it with `tocsin serve`, .*--database FILE/,
    );
  });

  it("may be somebody else's", async () => {
    const other = createServer((_request, reply) => void reply.end("<html>")).listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    expect(await tocsin(["dlq", "list", "--server", url])).toMatchObject({
      code: 3,
      err: expect.stringMatching(/is it a Tocsin server\?/),
    });
    other.close();
  });
});

describe("help", () => {
  it.each([["dlq"], ["history"]])("of %s names its commands, and theirs their exit codes", async (group) => {
    const { code, out } = await tocsin([group, "--help"]);
    expect([code, out]).toEqual([0, expect.stringMatching(/list.*\n.*show/)]);
    const list = await tocsin([group, "list", "--help"]);
    for (const exitCode of [0, 1, 2, 3, 4]) expect(list.out).toMatch(new RegExp(`^ {2}${exitCode} `, "m"));
    expect(list.out).toMatch(/--server <url>[\s\S]*--database <file>[\s\S]*--json/);
  });
});
