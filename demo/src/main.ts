/** The demo as a program: arguments, terminal, signals and exit code, handed to the parts that know what to do with them. */

import { HELP } from "./settings/help.ts";
import { readCommandLine } from "./settings/options.ts";

const EXIT = { fine: 0, notShown: 1, usage: 2, insisted: 130 } as const;
/** Everything has ended by then; whatever still keeps the process alive is not worth waiting for. */
const LINGER_MS = 500;

const commandLine = readCommandLine(process.argv.slice(2));
if (commandLine.kind === "help") process.stdout.write(HELP);
else if (commandLine.kind === "mistake") {
  process.stderr.write(`demo: ${commandLine.text}\n`);
  process.exitCode = EXIT.usage;
} else {
  const signal = signalled();
  process.stdout.write("Tocsin demo: starting an emulated Discord, the server, devices and a web shop …\n");
  // Loaded only now, so that the first line is not kept waiting.
  const { perform } = await import("./perform.ts");
  const ended = await perform(commandLine.options, { stream: process.stdout, env: process.env, signal });
  process.exitCode = ended ? EXIT.fine : EXIT.notShown;
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

/** Aborts with the first signal; a second one ends the process at once. */
function signalled(): AbortSignal {
  const told = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (told.signal.aborted) process.exit(EXIT.insisted);
      told.abort();
    });
  }
  // Whoever was reading has gone: there is nobody left to show anything to.
  process.stdout.on("error", () => told.abort());
  return told.signal;
}
