import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it, onTestFinished } from "vitest";
import { createRandom } from "../../../testing/virtual-clock.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import type { DeliveryId } from "../../delivery/outbox.ts";
import { openSqliteStore } from "./sqlite-store.ts";
import { temporaryFile } from "./temp-folder.fixture.ts";

const KILLS = 6;
const CHILD = join(import.meta.dirname, "crash-child.fixture.ts");

/** Lets the program write until it has printed so many lines, and kills it in the middle of whatever it does. */
async function runAndKill(
  path: string,
  name: string,
  lines: number,
): Promise<{ accepted: string[]; settled: string[] }> {
  const child = spawn(process.execPath, [CHILD, path, name], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const exited = once(child, "exit");
  const said = { accepted: [] as string[], settled: [] as string[] };
  let count = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, id = ""] = line.split(" ");
    said[word as keyof typeof said].push(id);
    if (++count === lines) child.kill("SIGKILL");
  }
  await exited;
  return said;
}

it("after a kill everything that was accepted is there, and nothing waits that was settled", {
  timeout: 60_000,
}, async () => {
  const path = temporaryFile();
  const random = createRandom(3);
  const accepted = new Set<string>();
  const settled = new Set<string>();
  for (let run = 0; run < KILLS; run++) {
    const said = await runAndKill(path, String(run), 20 + Math.floor(random() * 3_000));
    for (const id of said.accepted) accepted.add(id);
    for (const id of said.settled) settled.add(id);
    const store = openSqliteStore({ database: path, clock: createSystemClock() });
    const waiting = new Set<DeliveryId>(store.outbox.page("a", null, 1_000_000).map(({ id }) => id));
    const known = store.database.reader
      .prepare("select id from deliveries")
      .all()
      .map(({ id }) => id);
    expect([...accepted].filter((id) => !known.includes(id))).toEqual([]);
    expect([...settled].filter((id) => waiting.has(id as DeliveryId))).toEqual([]);
    expect(store.database.reader.prepare("pragma integrity_check").get()).toEqual({ integrity_check: "ok" });
    await store.close();
  }
  expect(accepted.size).toBeGreaterThan(KILLS * 10);
});
