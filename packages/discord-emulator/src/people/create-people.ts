/** Makes the remote control's half that has to do with bots and people. */
import { CLOSE, OP, payload } from "../gateway/words.ts";
import { probeEndpoint } from "../interaction/endpoint.ts";
import { addReaction, removeReaction } from "../message/react.ts";
import type { BotHandle, People, PeopleParts, Person } from "../people.ts";
import type { StoredMessage } from "../world/message.ts";
import type { Application, Privileges } from "../world/society.ts";
import { press, slash, submit } from "./act.ts";
import { idOf, say, type Where } from "./user.ts";

const CONTENT_ALONE: Privileges = Object.freeze({ messageContent: true, members: false, presences: false });

export function createPeople(parts: PeopleParts): People {
  const { world, events } = parts.machinery;
  const announce = <T>(made: T): T => {
    events.emit({ kind: "changed" });
    return made;
  };

  function userNamed(name: string) {
    const known = [...world.users.values()].find((user) => user.name === name && !user.isBot);
    return known ?? announce(world.addUser({ name, isBot: false, roleIds: [] }));
  }

  function roleNamed(name: string) {
    const isNew = ![...world.roles.values()].some((role) => role.name === name);
    const role = world.roleNamed(name);
    if (isNew) events.emit({ kind: "role-created", role });
    return role;
  }

  return {
    ...createBots(parts),
    commands: () => [...world.commands.values()],
    role: roleNamed,
    user: (name, { roles } = {}) => {
      const user = userNamed(name);
      if (roles === undefined) return createPerson(user.id, name, parts);
      const roleIds = roles.map((role) => roleNamed(role).id);
      announce(world.replaceUser({ ...user, roleIds }));
      return createPerson(user.id, name, parts);
    },
    gateway: createControl(parts),
  };
}

function createPerson(id: string, name: string, { machinery, deliver, clock }: PeopleParts): Person {
  const { world } = machinery;
  const actor = () => ({ user: world.users.get(id)!, now: clock.now(), workshop: machinery, deliver });
  return {
    id,
    name,
    say: (where, text, options) => say({ ...actor(), where, text, ...options }, machinery),
    dm: (bot) => {
      if (!world.applications.has(bare(bot))) throw new Error(`There is no bot ${bare(bot)}.`);
      const direct = world.directBetween(id, bare(bot));
      machinery.events.emit({ kind: "changed" });
      return direct;
    },
    press: async (message, customId, values) =>
      press(bare(message), { customId, ...(values === undefined ? {} : { values }) }, actor()),
    slash: async (where, command, options = {}) => slash({ where, command, options }, actor()),
    submit: async ({ interaction, modal }, values) => submit({ interaction, modal, values }, actor()),
    react: (where, emoji) => {
      const message = messageOf(where, world.allMessages());
      const reaction = { message, emoji, userId: id };
      const isThere = message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(id));
      if (isThere) removeReaction(reaction, machinery);
      else addReaction(reaction, machinery);
    },
  };
}

function messageOf(where: Where, all: readonly StoredMessage[]): StoredMessage {
  const found = all.find(({ id }) => id === bare(where));
  if (found === undefined) throw new Error(`There is no message ${bare(where)}.`);
  return found;
}

function bare(one: Where): string {
  return typeof one === "string" ? one : one.id;
}

type Bots = Pick<People, "createBot" | "bots" | "permit" | "setInteractionsUrl" | "renewBotToken">;

function createBots({ machinery, gateway, clock }: PeopleParts): Bots {
  const { world, events } = machinery;
  const changed = () => events.emit({ kind: "changed" });
  const known = (bot: Where) => {
    const application = world.applications.get(bare(bot));
    if (application === undefined) throw new Error(`There is no bot ${bare(bot)}.`);
    return application;
  };
  return {
    createBot: ({ privileges, ...bot }) => {
      const made = world.addApplication({ ...bot, privileges: { ...CONTENT_ALONE, ...privileges } });
      changed();
      return toHandle(made);
    },
    bots: () => Array.from(world.applications.values(), toHandle),
    permit: (bot, permissions, channel) => {
      const before = known(bot);
      const channelId = channel === undefined ? null : idOf(channel, world);
      const channelPermissions = { ...before.channelPermissions, ...(channelId && { [channelId]: permissions }) };
      const change = channelId === null ? { permissions } : { channelPermissions };
      const application = world.replaceApplication({ ...before, ...change });
      events.emit({ kind: "permissions-changed", application, channelId });
    },
    setInteractionsUrl: async (bot, url) => {
      const problem = url === null ? null : await probeEndpoint(known(bot), url, clock.now());
      if (problem !== null) throw new Error(`The interactions endpoint URL could not be verified. ${problem}`);
      world.replaceApplication({ ...known(bot), interactionsUrl: url });
    },
    renewBotToken: (bot) => {
      const { id } = known(bot);
      const renewed = world.renewToken(id);
      for (const wire of gateway.wires(id)) wire.close(CLOSE.AUTHENTICATION_FAILED);
      gateway.forget(id);
      return toHandle(renewed);
    },
  };
}

function toHandle({ id, name, token, publicKey }: Application): BotHandle {
  return { id, name, token, publicKey };
}

function createControl({ gateway }: PeopleParts): People["gateway"] {
  const wires = (bot?: Where) => gateway.wires(bot === undefined ? undefined : bare(bot));
  return {
    sessions: gateway.sessions,
    drop: (bot) => {
      for (const wire of wires(bot)) wire.cut();
    },
    reconnect: (bot) => {
      for (const wire of wires(bot)) wire.send(payload(OP.RECONNECT));
    },
    invalidate: (bot, { resumable = false } = {}) => {
      if (!resumable) gateway.forget(bot === undefined ? undefined : bare(bot));
      for (const wire of wires(bot)) wire.send(payload(OP.INVALID_SESSION, resumable));
    },
    close: (code, reason = "", bot) => {
      for (const wire of wires(bot)) wire.close({ code, reason });
    },
    repeat: (bot) => gateway.repeat(bot === undefined ? undefined : bare(bot)),
  };
}
