/** The program: arguments, environment, standard streams and signals, handed to the command line. */
import { run } from "./cli/program.ts";

const SECOND_SIGNAL_EXIT_CODE = 130;
/** Everything has ended by then; whatever still keeps the process alive is not worth waiting for. */
const LINGER_MS = 1_000;

const terminalGone = Promise.withResolvers<void>();
void terminalGone.promise.then(() => process.emit("SIGTERM", "SIGTERM"));

// Whoever reads may have seen enough, as `head` has: that is no failure of the command. A terminal that was closed is the wish to end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EIO") terminalGone.resolve();
    else if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  input: process.stdin.isTTY ? null : process.stdin,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  onReload: (reload) => void process.on("SIGHUP", reload),
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
