/** The remote control's other half: bots, and the people who talk to them. */
import { type SayOptions, say, type Where } from "./people/user.ts";
import type { Machinery } from "./pipeline.ts";
import type { Clock } from "./time/clock.ts";
import type { StoredMessage } from "./world/message.ts";
import type { Permission } from "./world/permissions.ts";
import type { Application, Privileges, Role } from "./world/society.ts";

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

export interface Person {
  readonly id: string;
  readonly name: string;
  /** @throws Error when there is no such channel or thread. */
  readonly say: (where: Where, text: string, options?: SayOptions) => StoredMessage;
}

export interface People {
  readonly createBot: (bot: NewBot) => BotHandle;
  readonly bots: () => BotHandle[];
  /** The role of this name, made if need be. */
  readonly role: (name: string) => Role;
  /** The person of this name, made if need be; with `roles` (names) they have these from now on. */
  readonly user: (name: string, options?: { readonly roles?: readonly string[] }) => Person;
}

export interface PeopleParts {
  readonly machinery: Machinery;
  readonly clock: Clock;
}

const CONTENT_ALONE: Privileges = Object.freeze({ messageContent: true, members: false, presences: false });

export function createPeople({ machinery, clock }: PeopleParts): People {
  const { world, events } = machinery;
  const announce = <T>(made: T): T => {
    events.emit({ kind: "changed" });
    return made;
  };

  function userNamed(name: string) {
    const known = [...world.users.values()].find((user) => user.name === name && !user.isBot);
    return known ?? announce(world.addUser({ name, isBot: false, roleIds: [] }));
  }

  return {
    createBot: ({ privileges, ...bot }) =>
      announce(toHandle(world.addApplication({ ...bot, privileges: { ...CONTENT_ALONE, ...privileges } }))),
    bots: () => Array.from(world.applications.values(), toHandle),
    role: world.roleNamed,
    user: (name, { roles } = {}) => {
      const { id } = userNamed(name);
      if (roles !== undefined) {
        const roleIds = roles.map((role) => world.roleNamed(role).id);
        announce(world.replaceUser({ ...world.users.get(id)!, roleIds }));
      }
      return {
        id,
        name,
        say: (where, text, options) =>
          say({ user: world.users.get(id)!, where, text, ...options, now: clock.now() }, machinery),
      };
    },
  };
}

function toHandle({ id, name, token, publicKey }: Application): BotHandle {
  return { id, name, token, publicKey };
}
