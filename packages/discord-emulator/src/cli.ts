/** The command `discord-emulator`. */
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { HELP, type RunOptions, readCommand } from "./cli/options.ts";
import { greeting, isLoopback, openDoorWarning, startProblem } from "./cli/words.ts";
import { startEmulator } from "./emulator.ts";
import { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "./limit/limits.ts";
import type { Emulator } from "./remote.ts";

const LIMITS: Readonly<Record<RunOptions["limits"], Limits>> = Object.freeze({
  discord: DEFAULT_LIMITS,
  punish: { ...DEFAULT_LIMITS, punish: true },
  none: NO_LIMITS,
});

/** Runs until it is interrupted. Sets the process's exit code; throws nothing. */
export async function main(args: readonly string[]): Promise<void> {
  const command = readCommand(args);
  switch (command.kind) {
    case "help":
      process.stdout.write(HELP);
      return;
    case "version":
      process.stdout.write(`${version()}\n`);
      return;
    case "mistake":
      fail(`${command.message}\nSee discord-emulator --help.`, 2);
      return;
    case "run":
      await run(command);
      return;
  }
}

async function run(options: RunOptions): Promise<void> {
  const emulator = await start(options).catch((error: NodeJS.ErrnoException) => {
    fail(startProblem(error, options), 1);
    return null;
  });
  if (emulator === null) return;
  for (const channel of options.channels) emulator.createWebhook({ channel: emulator.createChannel(channel) });
  for (const bot of options.bots) emulator.createBot(bot);
  if (!isLoopback(options.host)) process.stderr.write(`${openDoorWarning(options.host)}\n`);
  process.stdout.write(greeting(emulator, version(), options));
  await interrupted();
  await emulator.close();
}

async function start({ port, host, isStrict, limits, guildName, tls }: RunOptions): Promise<Emulator> {
  const pems = tls && { key: await readFile(tls.key), cert: await readFile(tls.cert) };
  return startEmulator({
    port,
    host,
    strict: isStrict,
    limits: LIMITS[limits],
    ...(guildName === undefined ? {} : { guildName }),
    ...(pems === undefined ? {} : { tls: pems }),
  });
}

/** Once: a second Ctrl-C then ends the process in the ordinary, impatient way. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}

function fail(message: string, exitCode: number): void {
  process.stderr.write(`${message}\n`);
  process.exitCode = exitCode;
}

function version(): string {
  // Beside the sources and beside the built files alike.
  const source = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return String((JSON.parse(source) as { version: unknown }).version);
}
