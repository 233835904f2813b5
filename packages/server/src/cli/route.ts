/** `tocsin route explain`: where a notification would go, and why. */
import type { z } from "zod";
import type { routeExplanation } from "../http/contract/route.ts";
import { readPair } from "../http/label-pair.ts";
import { type AskingOptions, asking, printJson } from "./asking.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { printable, time } from "./table.ts";
import { UsageError } from "./usage-error.ts";

type Explanation = z.infer<typeof routeExplanation>;

export interface ExplainFlags extends AskingOptions {
  readonly output?: "json" | "text";
  readonly type?: string;
  readonly severity?: string;
  readonly label?: readonly string[];
  readonly key?: string;
  readonly at?: string;
}

export async function explainRoute(flags: ExplainFlags, io: Io): Promise<ExitCode> {
  const { type, severity, key, at, label = [] } = flags;
  const sample = { type, severity, key, at, labels: labelsOf(label) };
  const explanation = await asking(flags, io, {
    ask: (api) => api.post<Explanation>("/api/routes/explain", sample),
  });
  if (flags.json || flags.output === "json") printJson(io, explanation);
  else io.out(`${linesOf(explanation).map(printable).join("\n")}\n`);
  return ASKED_EXIT.done;
}

function labelsOf(flags: readonly string[]): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  for (const flag of flags) {
    const pair = readPair(flag);
    if (pair === null) throw new UsageError(`--label ${flag} must be written name=value.`);
    labels[pair[0]] = pair[1];
  }
  return labels;
}

function linesOf({ to, deferred, quietly, paused, because, withheld, evaluations }: Explanation): readonly string[] {
  return [
    ...evaluations.map(lineOf),
    ...(withheld === null ? [] : [`kept back by ${withheld.by} ${withheld.what}${until(withheld.until)}`]),
    ...deferred.map(({ channel, until: at, by }) => `later: ${channel}, in a summary at ${time(at)}${WHOSE[by]}`),
    ...quietly.map(
      ({ channel, until: at }) => `quietly: ${channel}, by changing its message; nothing is heard${until(at)}`,
    ),
    ...paused.map((channel) => `paused: ${channel}`),
    `now: ${to.length === 0 ? "nobody" : to.join(", ")} (${because})`,
  ];
}

/** Those of a route are told where the route is. */
const WHOSE = {
  route: "",
  notification: ", for quiet hours of its own",
  beginning: ", with its beginning",
} as const satisfies Record<Explanation["deferred"][number]["by"], string>;

function lineOf({ route, verdict, to, until: at, matcher }: Explanation["evaluations"][number]): string {
  switch (verdict) {
    case "taken":
      return `${route}: taken, to ${to.join(", ")}`;
    case "deferred":
      return `${route}: quiet hours${until(at)}, for ${to.join(", ")}`;
    case "muted":
      return `${route}: muted${until(at)}`;
    case "inactive":
      return `${route}: not in use${until(at)}`;
    case "not-matched":
      return `${route}: no, ${matcher} does not hold`;
  }
}

function until(at: string | null): string {
  return at === null ? "" : ` until ${time(at)}`;
}
