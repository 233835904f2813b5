/** Contestants in processes of their own, ready to run against given webhooks. */
import { type Child, startChild } from "../child/start-child.ts";
import type { ContestantOptions } from "./contestant.ts";
import type { ContestantName, Course, contestantCalls, Run } from "./process.ts";

const ENTRY = new URL("./process.ts", import.meta.url);

export interface Entrant extends AsyncDisposable {
  readonly name: ContestantName;
  run(course: Course): Promise<Run>;
  /** Has its process collect all garbage, old and new. */
  collect(): Promise<void>;
  rest(): Promise<void>;
}

export async function startContestant(name: ContestantName, options: ContestantOptions): Promise<Entrant> {
  const child: Child<typeof contestantCalls> = startChild(ENTRY, { nodeArgs: ["--expose-gc"] });
  await child.call("prepare", { name, options });
  return {
    name,
    run: (course) => child.call("run", course),
    collect: () => child.call("collect", null),
    rest: () => child.call("rest", null),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}
