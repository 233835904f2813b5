/** The commands about routes and the configuration, as the command line knows them: `route` and `config`. */
import { Command, Option } from "commander";
import { gather, withServer } from "./asking.ts";
import { ASKED_EXIT_HELP, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import type { ExplainFlags } from "./route.ts";

type Finish = (code: ExitCode) => void;

export function routeCommand(io: Io, finish: Finish): Command {
  const route = new Command("route").description("where notifications go, and why");
  withServer(route.command("explain"))
    .description("tell where a notification like this would go; nobody is told anything")
    .option("--type <type>", "its type")
    .option("--severity <severity>", "info, warning, error or critical")
    .option("--label <name=value>", "a label; repeatable", gather)
    .option("--key <key>", "its key")
    .option("--at <instant>", "at another time than now, e.g. 2026-03-28T23:00:00+01:00")
    .addOption(new Option("-o, --output <form>", "how it is printed").choices(["text", "json"]).default("text"))
    .addHelpText("after", ASKED_EXIT_HELP)
    .action(async (flags: ExplainFlags) => finish(await (await import("./route.ts")).explainRoute(flags, io)));
  return route;
}

export function configCommand(io: Io, finish: Finish): Command {
  const config = new Command("config").description(
    "the environment and tocsin.yaml, the file that TOCSIN_CONFIG names",
  );
  config
    .command("check")
    .description("list every mistake; sends nothing and needs no server")
    .action(async () => finish(await (await import("./config.ts")).checkConfig(io)));
  config
    .command("schema")
    .description("print the JSON Schema of tocsin.yaml, for editors")
    .action(async () => finish((await import("./config.ts")).printSchema(io)));
  return config;
}
