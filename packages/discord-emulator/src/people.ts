/** The remote control's other half: bots, and the people who talk to them. */
import type { Gateway, SessionState } from "./gateway/gateway.ts";
import type { Interaction, InteractionOutcome, Modal } from "./interaction/interaction.ts";
import type { OptionValues } from "./people/slash.ts";
import type { SayOptions, Where } from "./people/user.ts";
import type { Machinery } from "./pipeline.ts";
import type { Clock } from "./time/clock.ts";
import type { Command } from "./world/commands.ts";
import type { Role } from "./world/member.ts";
import type { StoredMessage } from "./world/message.ts";
import type { Permission } from "./world/permissions.ts";
import type { Privileges } from "./world/society.ts";

export interface NewBot {
  readonly name: string;
  /** One of your own choosing. @defaultValue a random one, of the shape that Discord's have */
  readonly token?: string;
  /** The switches of the developer portal; an intent that is not granted closes with 4014. @defaultValue message content alone */
  readonly privileges?: Partial<Privileges>;
  /** @defaultValue all that the emulator knows */
  readonly permissions?: readonly Permission[];
}

export interface BotHandle {
  /** Of the application and of the bot's user alike. */
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** Hexadecimal; what interactions over HTTP are signed with. */
  readonly publicKey: string;
}

/** What a person does; a message is given by itself or by its id. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** The conversation with a bot: a place to say something in. @throws Error when there is no such bot. */
  readonly dm: (bot: Where) => { readonly id: string };
  /** @throws Error when there is no such channel or thread. */
  readonly say: (where: Where, text: string, options?: SayOptions) => StoredMessage;
  /**
   * Presses a button, or with `values` chooses from a menu. Resolves with the bot's first answer, or after three seconds
   * without one.
   *
   * @throws Error when there is no such message or component, it is disabled, or the message is for somebody else.
   */
  readonly press: (message: Where, customId: string, values?: readonly string[]) => Promise<InteractionOutcome>;
  /**
   * Uses a slash command: `status`, or with a subcommand `silence add`.
   *
   * @throws Error when there is no such command, or an option is missing, unknown or of the wrong kind.
   */
  readonly slash: (where: Where, command: string, options?: OptionValues) => Promise<InteractionOutcome>;
  /** Fills in the form that an interaction was answered with; values by the custom id of each field. */
  readonly submit: (
    shown: { readonly interaction: Interaction; readonly modal: Modal },
    values: Readonly<Record<string, string>>,
  ) => Promise<InteractionOutcome>;
  /** Puts a reaction under a message; once more takes it away. @throws Error when there is no such message. */
  readonly react: (message: Where, emoji: string) => void;
}

export interface People {
  readonly createBot: (bot: NewBot) => BotHandle;
  readonly bots: () => BotHandle[];
  /** What a bot may do: everywhere, or in one channel. @throws Error when there is no such bot. */
  readonly permit: (bot: Where, permissions: readonly Permission[], channel?: Where) => void;
  /**
   * Where the bot takes interactions instead of at the gateway; null: at the gateway again. The address is asked first,
   * with a right and with a wrong signature.
   *
   * @throws Error when it does not answer as it must, or there is no such bot.
   */
  readonly setInteractionsUrl: (bot: Where, url: string | null) => Promise<void>;
  /** The old token is wrong from now on, and open connections end. @throws Error when there is no such bot. */
  readonly renewBotToken: (bot: Where) => BotHandle;
  readonly commands: () => Command[];
  /** The role of this name, made if need be. */
  readonly role: (name: string) => Role;
  /** The person of this name, made if need be; with `roles` (names) they have these from now on. */
  readonly user: (name: string, options?: { readonly roles?: readonly string[] }) => Person;
  /** Connections to the gateway, and ways to end them; without a bot, of all. */
  readonly gateway: {
    readonly sessions: () => SessionState[];
    /** Ends connections without a word, as a broken network does. Sessions can be resumed. */
    readonly drop: (bot?: Where) => void;
    /** Asks clients to connect again (op 7). Sessions can be resumed. */
    readonly reconnect: (bot?: Where) => void;
    /** Declares sessions invalid (op 9); unless `resumable`, they are forgotten. */
    readonly invalidate: (bot?: Where, options?: { readonly resumable?: boolean }) => void;
    readonly close: (code: number, reason?: string, bot?: Where) => void;
    /** Tells the latest event once more, as may happen: bots must not mind. */
    readonly repeat: (bot?: Where) => void;
  };
}

export interface PeopleParts {
  readonly machinery: Machinery;
  readonly gateway: Gateway;
  readonly deliver: (interaction: Interaction) => void;
  readonly clock: Clock;
}
