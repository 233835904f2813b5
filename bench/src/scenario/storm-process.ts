/** The application in which one thing fails over and over. One storm for each process. */
import { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { createNotifier, type Notifier } from "@tocsin/core";
import { monitorExpress } from "@tocsin/core/express";
import { createPinoStream } from "@tocsin/core/pino";
import { captureConsole } from "@tocsin/core/process";
import express from "express";
import { pino } from "pino";
import { answerCalls } from "../child/answer-calls.ts";

/** Where the errors meet Tocsin. */
export type Way = "express" | "console" | "pino";

interface Storm {
  readonly report: (index: number) => void;
  /** Tells what has been counted, and waits until all has arrived. */
  readonly settle: () => Promise<void>;
}

/** After so many the event loop turns, as it does between requests. */
const PER_TURN = 1_000;
const US_PER_MS = 1_000;

class PaymentError extends Error {}

/** Its stack is read, as the program's own logger would have done. */
function failure(): PaymentError {
  const error = new PaymentError("the payment service does not answer");
  void error.stack;
  return error;
}

const STORMS: Readonly<Record<Way, (errors: readonly Error[], notifier: Notifier) => Storm>> = {
  express(errors, notifier) {
    const monitor = monitorExpress(express(), { notifier });
    const request = { method: "POST", route: "/orders/:id/payment", status: 500, requestId: null };
    return {
      report: (index) => monitor.report({ ...request, error: errors[index] }),
      settle: async () => void (await monitor.close()),
    };
  },
  console(errors, notifier) {
    const silent = { error() {}, warn() {}, info() {}, log() {} };
    const release = captureConsole({ notifier, console: silent });
    return {
      report: (index) => Reflect.apply(silent.error, silent, ["order failed", errors[index]]),
      async settle() {
        release();
        await notifier.close();
      },
    };
  },
  pino(errors, notifier) {
    const lines = linesOf(errors);
    const stream = createPinoStream({ notifier, onEnd: () => notifier.close() });
    return {
      report: (index) => void stream.write(lines[index]!),
      async settle() {
        stream.end();
        await finished(stream);
      },
    };
  },
};

/** What pino makes of them, which is its own cost. */
function linesOf(errors: readonly Error[]): readonly string[] {
  const lines: string[] = [];
  const keep = new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      // Written once, as to a file beside: pino hands over pieces that are only joined by that.
      lines.push(Buffer.from(line).toString());
      done();
    },
  });
  const log = pino({}, keep);
  for (const error of errors) log.error(error, "order failed");
  return lines;
}

function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / US_PER_MS;
}

export const stormCalls = {
  /** @returns what the process has spent in all its threads from the first report until all has arrived */
  async run({ url, way, count }: { readonly url: string; readonly way: Way; readonly count: number }) {
    const notifier = createNotifier({
      env: { LOG_LEVEL: "silent" },
      webhookUrl: url,
      allowedHosts: [new URL(url).host],
      validateOnStart: false,
    });
    const storm = STORMS[way](Array.from({ length: count }, failure), notifier);
    // What making the errors has left behind is not Tocsin's to clear away.
    globalThis.gc!();
    const before = spentMs();
    for (let index = 0; index < count; index++) {
      storm.report(index);
      if (index % PER_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const reportedMs = spentMs() - before;
    await storm.settle();
    return { reportedMs, inAllMs: spentMs() - before };
  },
};

answerCalls(stormCalls);
