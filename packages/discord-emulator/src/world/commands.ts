/** The slash commands that bots have registered. */

export interface CommandOption {
  readonly type: number;
  readonly name: string;
  readonly description?: string;
  readonly required?: boolean;
  readonly choices?: readonly { readonly name: string; readonly value: string | number }[];
  readonly options?: readonly CommandOption[];
  readonly [other: string]: unknown;
}

export interface Command {
  readonly id: string;
  readonly applicationId: string;
  /** Null: in every guild. */
  readonly guildId: string | null;
  /** Changes with every change of the command. */
  readonly version: string;
  /** 1 slash command, 2 of a user, 3 of a message. */
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  /** Permissions that a member needs, as bits; null for none. */
  readonly defaultMemberPermissions: string | null;
}

export type NewCommand = Omit<Command, "id" | "applicationId" | "guildId" | "version">;

/** Whose commands, and where. */
export interface CommandScope {
  readonly applicationId: string;
  readonly guildId: string | null;
}

export interface CommandBook {
  readonly commands: ReadonlyMap<string, Command>;
  readonly commandsIn: (scope: CommandScope) => Command[];
  /** A command of the same name and type is replaced, and keeps its id. */
  readonly putCommand: (scope: CommandScope, command: NewCommand) => Command;
  readonly removeCommand: (id: string) => boolean;
}

export function createCommandBook(nextId: () => string): CommandBook {
  const commands = new Map<string, Command>();

  function commandsIn({ applicationId, guildId }: CommandScope): Command[] {
    return [...commands.values()].filter((one) => one.applicationId === applicationId && one.guildId === guildId);
  }

  return {
    commands,
    commandsIn,
    putCommand: (scope, command) => {
      const same = commandsIn(scope).find(({ name, type }) => name === command.name && type === command.type);
      const kept = Object.freeze({ ...command, ...scope, id: same?.id ?? nextId(), version: nextId() });
      commands.set(kept.id, kept);
      return kept;
    },
    removeCommand: (id) => commands.delete(id),
  };
}
