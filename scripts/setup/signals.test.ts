/** Signals with real processes: a wrapper as `main.mjs` is one, around a task that counts what it hears. */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { afterEach, expect, it } from "vitest";

const HERE = import.meta.dirname;
const WRAPPER = `
  import { runTask, exitCodeOf } from ${JSON.stringify(join(HERE, "child.mjs"))};
  import { createInterrupts } from ${JSON.stringify(join(HERE, "interrupts.mjs"))};
  const interrupts = createInterrupts();
  const command = { program: process.execPath, args: ["--eval", process.argv[1]], cwd: process.cwd(), env: process.env };
  process.exitCode = exitCodeOf(await runTask(command, { interrupts }));
`;
const COUNTING = `
  let heard = 0;
  process.on("SIGINT", () => {
    console.log("heard", ++heard);
    setTimeout(() => console.log("alive"), 100);
  });
  process.on("SIGTERM", () => process.exit(5));
  setInterval(() => {}, 1_000);
  console.log("ready");
`;

type Wrapper = ChildProcessByStdio<null, Readable, null>;

let running: Wrapper | null = null;
afterEach(async () => {
  if (running === null || running.exitCode !== null) return;
  const ended = once(running, "exit");
  running.kill("SIGTERM");
  await ended;
});

/** Starts the wrapper, and waits until its task says that it is ready. */
async function start(task: string): Promise<Wrapper> {
  const args = ["--input-type=module", "--eval", WRAPPER, task];
  running = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  await untilSaid(running, "ready");
  return running;
}

async function untilSaid(wrapper: Wrapper, text: string): Promise<void> {
  for await (const [chunk] of on(wrapper)) if (String(chunk).includes(text)) return;
}

async function* on({ stdout }: Wrapper): AsyncGenerator<readonly unknown[]> {
  for (;;) yield await once(stdout, "data");
}

it("a signal that comes twice at once, as npm and the terminal send it, reaches the task once", async () => {
  const wrapper = await start(COUNTING);
  const said: string[] = [];
  wrapper.stdout.on("data", (chunk) => said.push(String(chunk)));
  const alive = untilSaid(wrapper, "alive");
  wrapper.kill("SIGINT");
  await untilSaid(wrapper, "heard 1");
  wrapper.kill("SIGINT");
  await alive;
  expect(said.join("")).toBe("heard 1\nalive\n");
});

it("a later one insists: the task is ended without being asked again", async () => {
  const wrapper = await start(COUNTING);
  const ended = once(wrapper, "exit");
  wrapper.kill("SIGINT");
  await untilSaid(wrapper, "heard 1");
  const insisting = setInterval(() => wrapper.kill("SIGINT"), 100);
  expect(await ended).toEqual([137, null]);
  clearInterval(insisting);
});

it("the task's own exit code is passed on", async () => {
  const wrapper = await start(COUNTING);
  const ended = once(wrapper, "exit");
  wrapper.kill("SIGTERM");
  expect(await ended).toEqual([5, null]);
});
