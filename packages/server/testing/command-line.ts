/** Runs a command line as a process would, without one. */
import { run } from "../src/cli/program.ts";
import type { Environment } from "../src/config/environment.ts";

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface CommandOptions {
  readonly env?: Environment;
  /** What is piped into it; without it, standard input is a terminal. */
  readonly input?: string;
}

/** A command that runs until it is told to end is told so at once. */
export async function tocsin(
  args: readonly string[],
  { env = {}, input }: CommandOptions = {},
): Promise<CommandResult> {
  const output = { out: "", err: "" };
  async function* piped() {
    yield input ?? "";
  }
  const code = await run(args, {
    env,
    input: input === undefined ? null : piped(),
    out: (text) => {
      output.out += text;
    },
    err: (text) => {
      output.err += text;
    },
    onTermination: (stop) => stop(),
    onReload: () => {},
  });
  return { code, ...output };
}
