/** Programs that the tests of `@tocsin/core/process` and `@tocsin/core/pino` start and watch from outside. Argument: which one. */
import { join } from "node:path";
import { pino } from "pino";
import { createNotifier } from "../notifier.ts";
import { monitorProcess } from "./process.ts";

const [, , name = ""] = process.argv;

function monitored(options: { readonly checkEveryMs?: number; readonly maxEventLoopDelayMs?: number } = {}) {
  const notifier = createNotifier({ service: "Importer", flushOnExit: true });
  return monitorProcess({ notifier, config: { token: "hunter2", folder: "in" }, ...options });
}

const PROGRAMS: Readonly<Record<string, () => unknown>> = {
  finishes: () => monitored(),
  waits() {
    monitored();
    setInterval(() => {}, 1_000);
    console.log("ready");
  },
  crashes() {
    monitored();
    setTimeout(() => {
      throw new RangeError("row 7");
    }, 50);
  },
  rejects() {
    monitored();
    void Promise.reject(new RangeError("row 7"));
  },
  catches() {
    monitored();
    process.on("uncaughtException", () => {
      process.exitCode = 9;
    });
    setTimeout(() => {
      throw new RangeError("row 7");
    }, 50);
  },
  stalls() {
    const { health } = monitored({ checkEveryMs: 300, maxEventLoopDelayMs: 20 });
    const timer = setInterval(() => {
      if (health.status().some(({ alerting }) => alerting)) return clearInterval(timer);
      const until = Date.now() + 200;
      while (Date.now() < until);
    }, 10);
  },
  logs() {
    const log = pino({
      transport: { target: join(import.meta.dirname, "..", "pino.ts"), options: { service: "Importer" } },
    });
    log.info("begins");
    log.error({ err: new RangeError("row 7") }, "Import failed");
    process.exitCode = 3;
  },
};

PROGRAMS[name]?.();
