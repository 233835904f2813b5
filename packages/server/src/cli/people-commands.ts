/** The commands by which people give orders to a running server, as the command line knows them: `channels`, `alerts`. */
import { Command } from "commander";
import type { AlertListOptions, AlertOrder, AlertOrderOptions } from "./alerts.ts";
import { type AskingOptions, gather, withLimit, withServer } from "./asking.ts";
import type { PauseOptions } from "./channels.ts";
import { ASKED_EXIT_HELP, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";

type Finish = (code: ExitCode) => void;

export function channelsCommand(io: Io, finish: Finish): Command {
  const channels = new Command("channels").description("where notifications go: list, pause, resume or test");
  const commands = () => import("./channels.ts");

  withServer(channels.command("list", { isDefault: true }))
    .description("list them with what holds them up")
    .action(async (options: AskingOptions) => finish(await (await commands()).listChannels(options, io)));
  withOrder(withServer(channels.command("pause")))
    .description("let nothing leave for one, or for any: everything is accepted and waits, also what is critical")
    .argument("[name]", "all when left out")
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

function withOrder(command: Command): Command {
  return command
    .option("--for <length>", "ends by itself after so long: 90m, 2h, 7d")
    .option("--until <when>", "ends by itself then, e.g. 2026-01-31T12:00:00Z")
    .option("--by <who>", "who orders it, for those who wonder")
    .option("--reason <text>", "why");
}

/** All of them end the same way. */
function finished(parent: Command): Command {
  for (const command of parent.commands) command.addHelpText("after", ASKED_EXIT_HELP);
  return parent;
}
