/** The slash commands, as they are registered with Discord. Pure. */
import type { RESTPostAPIApplicationCommandsJSONBody } from "discord-api-types/v10";

/** Discord's kinds: https://docs.discord.com/developers/interactions/application-commands */
const CHAT_INPUT = 1;
const TEXT_OPTION = 3;

export const ALERT_OPTION = "alert";
export const DURATION_OPTION = "for";

const ALERT = {
  type: TEXT_OPTION,
  name: ALERT_OPTION,
  description: "Which alert, e.g. the component; needed when there are several",
  required: false,
  autocomplete: true,
} as const;

export const COMMANDS = [
  { type: CHAT_INPUT, name: "status", description: "How the program and its components are" },
  { type: CHAT_INPUT, name: "alerts", description: "What is wrong right now" },
  {
    type: CHAT_INPUT,
    name: "ack",
    description: "Say that you have seen an alert: no more reminders of it",
    options: [ALERT],
  },
  {
    type: CHAT_INPUT,
    name: "silence",
    description: "No reminders of an alert for a while",
    options: [
      ALERT,
      { type: TEXT_OPTION, name: DURATION_OPTION, description: "How long: 30m, 2h, 1d (else 1h)", required: false },
    ],
  },
] as const satisfies readonly RESTPostAPIApplicationCommandsJSONBody[];

export type CommandName = (typeof COMMANDS)[number]["name"];

export function commandNamed(name: string): CommandName | null {
  return COMMANDS.find((command) => command.name === name)?.name ?? null;
}
