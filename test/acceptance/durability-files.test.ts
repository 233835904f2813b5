/**
 * Database files that the server cannot or must not use: it names the file and what to do, ends with an exit code, and leaves every
 * byte of the file as it was.
 */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startInVain, startServer } from "./server-process.ts";

const USAGE = 2;
/** `nobody` of most systems: root may write everything. */
const NOBODY = { uid: 65_534, gid: 65_534 };

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-files-"));
  chmodSync(folder, 0o755);
  file = join(folder, "tocsin.db");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const database = () => ({ DATABASE_URL: `sqlite:${file}` });

/** The database of a server that has run and kept something. */
async function makeDatabase(): Promise<void> {
  const server = await startServer(database());
  await server.call("POST", "/api/plants", { name: "Monstera" });
  await server.stop();
}

const FILES: readonly {
  readonly what: string;
  readonly make: () => void | Promise<void>;
  readonly says: RegExp;
}[] = [
  {
    what: "of another program",
    make() {
      const db = new DatabaseSync(file);
      db.exec("create table invoices (id integer primary key, amount real); insert into invoices values (1, 9.5)");
      db.close();
    },
    says: /STORE_FOREIGN: \S+tocsin\.db belongs to another program, so nothing was written to it\. Use another file/,
  },
  {
    what: "that is no database at all",
    make: () => writeFileSync(file, "Dear diary, today somebody named me in DATABASE_URL. ".repeat(50)),
    says: /STORE_FOREIGN: \S+tocsin\.db .* Use another file/,
  },
  {
    what: "that is damaged",
    async make() {
      await makeDatabase();
      const bytes = readFileSync(file);
      // In the middle of its pages, past the header that tells whose it is.
      bytes.fill(0xff, 8_192, 40_960);
      writeFileSync(file, bytes);
    },
    says: /STORE_CORRUPT: \S+tocsin\.db is damaged.* put a backup in its place or begin without/,
  },
  {
    what: "of a newer version, as its notifications say",
    async make() {
      await makeDatabase();
      const db = new DatabaseSync(file);
      db.exec("pragma user_version = 999");
      db.close();
    },
    says: /STORE_NEWER: \S+tocsin\.db was written by a newer version .* Install that version, or use another file/,
  },
  {
    what: "of a newer version, as its plants and devices say",
    async make() {
      await makeDatabase();
      const db = new DatabaseSync(file);
      db.exec("insert into migrations (name, timestamp) values ('9999-from-the-future', '2099-01-01')");
      db.close();
    },
    says: /STORE_NEWER: \S+tocsin\.db was written by a newer version of Tocsin\. Install that version/,
  },
];

describe("a file", () => {
  it.each(FILES)("$what is refused and left as it is", async ({ make, says }) => {
    await make();
    const before = readFileSync(file);
    const { exitCode, output } = await startInVain(database());
    expect(output).toMatch(says);
    expect(output).toMatch(/^tocsin: The database cannot be used\. [^\n]*\n$/m);
    expect(output).not.toMatch(/\n {4}at /);
    expect(exitCode).toBe(USAGE);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("that is a folder is refused", async () => {
    mkdirSync(file);
    const { exitCode, output } = await startInVain(database());
    expect([exitCode, output]).toEqual([
      USAGE,
      expect.stringMatching(/STORE_UNREACHABLE: .* is not a file\. Name a file/),
    ]);
  });

  it("that is read-only is refused, with the right that is missing", async () => {
    await makeDatabase();
    chmodSync(file, 0o444);
    chmodSync(`${file}.lock`, 0o666);
    chmodSync(folder, 0o777);
    const before = readFileSync(file);
    const { exitCode, output } = await startInVain(database(), process.getuid?.() === 0 ? NOBODY : {});
    expect(output).toMatch(/STORE_READ_ONLY: \S+tocsin\.db cannot be written\. Give this process the right/);
    expect(exitCode).toBe(USAGE);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe("two servers on one file", () => {
  it("the second one says which process has it, and the first goes on; after kill -9 the next one may have it", async () => {
    const first = await startServer(database());
    const { exitCode, output } = await startInVain(database());
    expect(output).toMatch(new RegExp(`STORE_IN_USE: \\S+tocsin\\.db is open in process ${first.pid}, since `));
    expect(exitCode).toBe(USAGE);
    await first.call("POST", "/api/plants", { name: "Monstera" });
    first.signal("SIGKILL");
    await first.exited;
    const next = await startServer(database());
    expect(await next.call("GET", "/api/plants")).toMatchObject({ items: [{ name: "Monstera" }] });
    await next.stop();
  });
});
