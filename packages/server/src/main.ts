/** The program: arguments, environment, standard streams and signals, handed to the command line. */
import { closeSync, openSync } from "node:fs";
import { run } from "./cli/program.ts";

const SECOND_SIGNAL_EXIT_CODE = 130;
/** Everything has ended by then; whatever still keeps the process alive is not worth waiting for. */
const LINGER_MS = 1_000;

// Whoever reads may have seen enough, as `head` has, or has closed the terminal: that is no failure of the command.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  input: process.stdin.isTTY ? null : process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  onReload(reload) {
    // The same signal says that the terminal was closed in which the server was started.
    const isOnTerminal = process.stdout.isTTY || process.stderr.isTTY;
    process.on("SIGHUP", () => {
      if (isOnTerminal && !hasTerminal()) process.kill(process.pid, "SIGTERM");
      else reload();
    });
  },
  onTermination: (stop) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        for (const again of ["SIGINT", "SIGTERM"] as const)
          process.on(again, () => process.exit(SECOND_SIGNAL_EXIT_CODE));
        stop();
      });
    }
  },
});
setTimeout(() => process.exit(), LINGER_MS).unref();

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
