/** The command line: which commands there are and what they take. */
import { ConfigError } from "@tocsin/core/stages";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { readVersion } from "../version.ts";
import { dlqCommand, historyCommand } from "./asking-commands.ts";
import { CommandError } from "./command-error.ts";
import { EXIT, EXIT_HELP, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { alertsCommand, channelsCommand, silenceCommand } from "./people-commands.ts";
import { configCommand, routeCommand } from "./routing-commands.ts";
import type { SendOptions } from "./send.ts";
import { UsageError } from "./usage-error.ts";

const DEFAULT_TIMEOUT_SECONDS = 60;

/** Runs a command line (without the program's own name). Never rejects. */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.delivered;
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  try {
    refuseUnknown(program, args);
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    return failure(error, io);
  }
}

/** Each command's code is loaded when it is called: an alert from a shell script should not wait for a web server to load. */
function createProgram(io: Io, finish: (code: ExitCode) => void): Command {
  const program = new Command("tocsin")
    .description("Devices and services in, alerts out.")
    .version(readVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err });
  program
    .command("serve")
    .description("run the server; environment variables configure it")
    .action(async () => finish(await (await import("./serve.ts")).serve(io)));
  for (const make of [
    dlqCommand,
    historyCommand,
    channelsCommand,
    alertsCommand,
    silenceCommand,
    routeCommand,
    configCommand,
  ])
    program.addCommand(inherited(make(io, finish), io));
  sendCommand(program).action(async (options: SendOptions) =>
    finish(await (await import("./send.ts")).send(options, io)),
  );
  return program;
}

/** A group's default command would take the word for an argument too many, and say so of itself. @throws UsageError */
function refuseUnknown(program: Command, [group, word]: readonly string[]): void {
  const commands = program.commands.find((command) => command.name() === group)?.commands ?? [];
  if (commands.length === 0 || word === undefined || word.startsWith("-") || word === "help") return;
  const names = commands.map((command) => command.name());
  if (!names.includes(word))
    throw new UsageError(`There is no command "${group} ${word}": ${names.join(", ")} are those.`);
}

/** Commands that were made elsewhere behave like those made here: they throw instead of ending the process. */
function inherited(command: Command, io: Io): Command {
  for (const one of [command, ...command.commands]) {
    one.exitOverride().configureOutput({ writeOut: io.out, writeErr: io.err });
  }
  return command;
}

function sendCommand(program: Command): Command {
  const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  return program
    .command("send")
    .description("send one notification; the message, or all of it as JSON, may come from standard input")
    .option("--type <type>", "general, error, critical, tracklist, monitoring, security, or one of your own")
    .addOption(new Option("--severity <severity>", "how bad it is").choices(["info", "warning", "error", "critical"]))
    .option("--title <text>", "the title")
    .option("--message <text>", "the text; - reads it from standard input")
    .option("--field <name=value>", "a field below the text; repeatable", gather)
    .option("--label <name=value>", "a label for routing, not shown; repeatable", gather)
    .option("--mention <who>", "@here, @everyone, user:<id> or role:<id>; repeatable", gather)
    .option("--url <url>", "link of the title")
    .option("--color <color>", "e.g. #e74c3c")
    .option("--file <path>", "attach a file; repeatable", gather)
    .option("--key <key>", "same key, same matter: replaces one that still waits")
    .option("--json", "print the result as JSON")
    .option("--dry-run", "show the Discord payload and send nothing")
    .addOption(
      new Option("--timeout <seconds>", "give up after this time")
        .default(DEFAULT_TIMEOUT_SECONDS)
        .argParser(secondsOf),
    )
    .addHelpText("after", EXIT_HELP)
    .exitOverride();
}

function secondsOf(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0 && Number.isFinite(seconds))) throw new InvalidArgumentError("It must be a number above 0.");
  return seconds;
}

function failure(error: unknown, { err }: Io): ExitCode {
  // Commander has said what is wrong, or has shown what was asked for (help, version).
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.delivered : EXIT.usage;
  if (error instanceof CommandError) {
    err(`tocsin: ${error.message}\n`);
    return error.exitCode;
  }
  if (error instanceof UsageError) err(`tocsin: ${error.message}\n`);
  else if (error instanceof ConfigError) err(`tocsin: the configuration is wrong.\n${bulletsOf(error)}\n`);
  else {
    err(`tocsin: ${error instanceof Error ? (error.stack ?? error.message) : error}\n`);
    return EXIT.failed;
  }
  return EXIT.usage;
}

function bulletsOf({ problems }: ConfigError): string {
  return problems.map((problem) => `  - ${problem}.`).join("\n");
}
