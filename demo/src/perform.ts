/** The demo from its first line to its last: sets the stage, plays, and says how it went. */
import { createSystemClock } from "@tocsin/core/stages";
import { createArrivals } from "./discord/arrivals.ts";
import { createTally } from "./greenhouse/tally.ts";
import { summarise } from "./outcome/summary.ts";
import { judge } from "./outcome/verdict.ts";
import { play } from "./play.ts";
import { introduce } from "./print/introduction.ts";
import { createPrinter, type Printer } from "./print/printer.ts";
import { createReporter } from "./print/reporter.ts";
import type { DemoOptions } from "./settings/options.ts";
import { planOf } from "./settings/plan.ts";
import { setStage } from "./stage.ts";

export interface Surroundings {
  readonly stream: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** Resolves with whether all that was expected has arrived. */
export async function perform(options: DemoOptions, { stream, env, signal }: Surroundings): Promise<boolean> {
  if (signal.aborted) return true;
  const clock = createSystemClock();
  const printer = createPrinter({
    write: (text) => void stream.write(text),
    columns: () => (stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY),
    color: options.color && stream.isTTY && !env["NO_COLOR"],
    now: clock.now,
  });
  const plan = planOf(options);
  const tally = createTally();
  const arrivals = createArrivals();
  const reporter = createReporter({ printer, tally });
  try {
    await using stage = await setStage({
      clock,
      plan,
      tally,
      freePorts: options.freePorts,
      onExchange: (exchange) => {
        arrivals.add(exchange);
        reporter.exchange(exchange);
      },
      onTrouble: reporter.trouble,
    });
    printer.table(introduce(stage.addresses, plan));
    printer.restart();
    const facts = await play({ stage, clock, plan, tally, arrivals, reporter, signal });
    const verdict = judge(facts);
    sayGoodbye(printer, summarise(facts, verdict));
    return verdict.problems.length === 0;
  } catch (error) {
    printer.text(`The demo could not go on: ${describe(error)}`);
    return false;
  }
}

/** The system's errors explain themselves; any other is a mistake of ours, and where it happened matters. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? error.message : (error.stack ?? error.message);
}

function sayGoodbye(printer: Printer, { title, rows, closing }: ReturnType<typeof summarise>): void {
  printer.text("");
  printer.heading(title);
  printer.table(rows);
  printer.text(closing);
}
