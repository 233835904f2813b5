/** The commands that ask a server, as the command line knows them: `dlq` and `history`. */
import { Command, Option } from "commander";
import type { AskingOptions } from "./asking.ts";
import { gather, withLimit, withSubject, withTarget } from "./asking.ts";
import type { ListOptions, ManyOptions } from "./dlq.ts";
import { ASKED_EXIT_HELP, type ExitCode } from "./exit-code.ts";
import type { HistoryListOptions, StatsOptions } from "./history.ts";
import type { Io } from "./io.ts";

type Finish = (code: ExitCode) => void;

const STATUSES = "waiting, delivered, folded, partial, failed, dropped, expired or skipped";

export function dlqCommand(io: Io, finish: Finish): Command {
  const dlq = new Command("dlq").description(
    "dead letters: what failed for good, to be looked at, replayed or discarded",
  );
  const commands = () => import("./dlq.ts");

  withLimit(withTarget(withLetters(dlq.command("list", { isDefault: true }))))
    .description("list them, newest first")
    .action(async (options: ListOptions) => finish(await (await commands()).listLetters(options, io)));
  withTarget(dlq.command("show"))
    .description("show one with every attempt and Discord's answers")
    .argument("<id>")
    .action(async (id: string, options: AskingOptions) => finish(await (await commands()).showLetter(id, options, io)));
  withTarget(withLetters(dlq.command("replay")))
    .description("send some again: by id, by filter, or all; not those that newer news has overtaken")
    .argument("[ids...]")
    .option("--all", "every one")
    .option("--force", "also those that newer news has overtaken")
    .action(async (ids: string[], options: ManyOptions) =>
      finish(await (await commands()).replayLetters(ids, options, io)),
    );
  withTarget(withLetters(dlq.command("discard")))
    .description("take some off the list: by id, by filter, or all; history keeps them")
    .argument("[ids...]")
    .option("--all", "every one")
    .action(async (ids: string[], options: ManyOptions) =>
      finish(await (await commands()).discardLetters(ids, options, io)),
    );
  return finished(dlq);
}

export function historyCommand(io: Io, finish: Finish): Command {
  const history = new Command("history").description("what was told, where, and what came of it");
  const commands = () => import("./history.ts");

  withLimit(withTarget(withSubject(history.command("list", { isDefault: true }))))
    .description("list notifications, newest first")
    .option("--status <status>", `${STATUSES}; repeatable`, gather)
    .option("--label <name=value>", "a label it has (\\= for = in a name); repeatable, all must match", gather)
    .option("--text <words>", 'words in any text: disk full, "disk full", disk*')
    .action(async (options: HistoryListOptions) => finish(await (await commands()).listHistory(options, io)));
  withTarget(history.command("show"))
    .description("show one with every delivery and attempt")
    .argument("<id>")
    .action(async (id: string, options: AskingOptions) =>
      finish(await (await commands()).showNotification(id, options, io)),
    );
  withTarget(withSubject(history.command("stats")))
    .description("success rate, times and retries; of the last 24 hours unless --from says otherwise")
    .addOption(new Option("--by <what>", "a row for each").choices(["type", "channel", "severity"]).default("type"))
    .action(async (options: StatsOptions) => finish(await (await commands()).showStatistics(options, io)));
  withTarget(history.command("archive"))
    .description("archive and remove what is older than HISTORY_RETENTION_DAYS now; happens by itself about every hour")
    .action(async (options: AskingOptions) => finish(await (await commands()).archiveHistory(options, io)));
  return finished(history);
}

function withLetters(command: Command): Command {
  return withSubject(command)
    .option("--reason <reason>", "why it failed, e.g. attempts-exhausted; repeatable", gather)
    .option("--error-code <code>", "of the last attempt, e.g. discord-50035; repeatable", gather);
}

/** All of them end the same way. */
function finished(parent: Command): Command {
  for (const command of parent.commands) command.addHelpText("after", ASKED_EXIT_HELP);
  return parent;
}
