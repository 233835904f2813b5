/** The commands by which people give orders to a running server, as the command line knows them: `channels`, `alerts`, `silence`. */
import { Command } from "commander";
import type { AlertListOptions, AlertOrder, AlertOrderOptions } from "./alerts.ts";
import { type AskingOptions, gather, withLimit, withServer } from "./asking.ts";
import type { PauseOptions } from "./channels.ts";
import { ASKED_EXIT_HELP, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { SilenceOptions } from "./silence.ts";

type Finish = (code: ExitCode) => void;

export function channelsCommand(io: Io, finish: Finish): Command {
  const channels = new Command("channels").description("where notifications go: list, pause, resume or test");
  const commands = () => import("./channels.ts");

  withServer(channels.command("list", { isDefault: true }))
    .description("list them with what holds them up")
    .action(async (options: AskingOptions) => finish(await (await commands()).listChannels(options, io)));
  withExpiry(withServer(channels.command("pause")))
    .description("let nothing leave for one, or for any: everything is accepted and waits, also what is critical")
    .argument("[name]", "all when left out")
    .option("--by <who>", "who orders it, for those who wonder")
    .option("--reason <text>", "why")
    .action(async (name: string | undefined, options: PauseOptions) =>
      finish(await (await commands()).pauseChannels(name, options, io)),
    );
  withServer(channels.command("resume"))
    .description("lift the pause of one, or that of all; each leaves the other in force")
    .argument("[name]", "all when left out")
    .action(async (name: string | undefined, options: AskingOptions) =>
      finish(await (await commands()).resumeChannels(name, options, io)),
    );
  withServer(channels.command("test"))
    .description("ask one whether it is usable; posts nothing")
    .argument("<name>")
    .action(async (name: string, options: AskingOptions) =>
      finish(await (await commands()).testChannel(name, options, io)),
    );
  return finished(channels);
}

export function alertsCommand(io: Io, finish: Finish): Command {
  const alerts = new Command("alerts").description("what fires: list, show, acknowledge or resolve");
  const commands = () => import("./alerts.ts");

  withLimit(withServer(alerts.command("list", { isDefault: true })))
    .description("list those that are open, newest first")
    .option("--all", "those that are over as well")
    .option("--phase <phase>", "pending, firing, flapping, acknowledged or resolved; repeatable", gather)
    .option("--severity <severity>", "info, warning, error or critical; repeatable", gather)
    .option("--plant <id>", "of this plant")
    .option("--device <id>", "reported by this device, or about its silence")
    .action(async (options: AlertListOptions) => finish(await (await commands()).listAlerts(options, io)));
  withServer(alerts.command("show"))
    .description("show one: its life, what was told, and what was held back and why")
    .argument("<id>")
    .action(async (id: string, options: AskingOptions) => finish(await (await commands()).showAlert(id, options, io)));
  const orders: readonly (readonly [AlertOrder, string])[] = [
    ["ack", "acknowledge one: somebody sees to it, and there are no more reminders"],
    ["unack", "take the acknowledgement back: reminders again"],
    ["resolve", "resolve one by hand; should it be found again, it begins anew"],
  ];
  for (const [order, description] of orders) {
    withServer(alerts.command(order))
      .description(description)
      .argument("<id>")
      .option("--by <who>", "who says so, for those who wonder")
      .option("--comment <text>", "what else there is to say")
      .action(async (id: string, options: AlertOrderOptions) =>
        finish(await (await commands()).orderAlert(order, { ...options, id }, io)),
      );
  }
  return finished(alerts);
}

export function silenceCommand(io: Io, finish: Finish): Command {
  const silence = new Command("silence").description("what is not told for some time: add, list or expire");
  const commands = () => import("./silence.ts");

  withExpiry(withServer(silence.command("add")))
    .description("tell nothing that matches, until its time is up; the end of what was told before still is")
    .argument("<matchers...>", "all must hold: plant=Monstera, device=~gw-*, 'severity<critical'")
    .option("--by <who>", "who wants it, for those who wonder")
    .option("--comment <text>", "why")
    .action(async (matchers: string[], options: SilenceOptions) =>
      finish(await (await commands()).addSilence(matchers, options, io)),
    );
  withServer(silence.command("list", { isDefault: true }))
    .description("list those in force")
    .option("--expired", "those that are over instead")
    .action(async (options: AskingOptions & { readonly expired?: boolean }) =>
      finish(await (await commands()).listSilences(options, io)),
    );
  withServer(silence.command("expire"))
    .description("end one now")
    .argument("<id>")
    .action(async (id: string, options: AskingOptions) =>
      finish(await (await commands()).expireSilence(id, options, io)),
    );
  return finished(silence);
}

function withExpiry(command: Command): Command {
  return command
    .option("--for <length>", "ends by itself after so long: 90m, 2h, 7d")
    .option("--until <when>", "ends by itself then, e.g. 2026-01-31T12:00:00Z");
}

/** All of them end the same way. */
function finished(parent: Command): Command {
  for (const command of parent.commands) command.addHelpText("after", ASKED_EXIT_HELP);
  return parent;
}
