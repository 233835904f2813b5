/**
 * Who exists: people, the roles they have, and applications with their bot users. All in memory.
 *
 * Upstream   the library API, which brings them in.
 * Downstream the gateway, the bot routes and the page.
 */
import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import type { Role, User } from "./member.ts";
import { ALL_PERMISSIONS, type Permission } from "./permissions.ts";

/** The switches of the developer portal, each for one privileged intent. */
export interface Privileges {
  readonly messageContent: boolean;
  readonly members: boolean;
  readonly presences: boolean;
}

export interface Application {
  /** Of the application and of its bot user alike. */
  readonly id: string;
  readonly name: string;
  readonly token: string;
  /** The role that the bot got when it joined. */
  readonly roleId: string;
  readonly privileges: Privileges;
  readonly permissions: readonly Permission[];
  /** What holds in a channel instead of `permissions`, by channel id. */
  readonly channelPermissions: Readonly<Record<string, readonly Permission[]>>;
  /** Where interactions are posted; null: they go to the gateway. */
  readonly interactionsUrl: string | null;
  /** Signs what is posted there. */
  readonly privateKey: KeyObject;
  /** Hexadecimal, as the developer portal shows it. */
  readonly publicKey: string;
}

export interface Society {
  readonly roles: ReadonlyMap<string, Role>;
  readonly users: ReadonlyMap<string, User>;
  readonly applications: ReadonlyMap<string, Application>;
  /** The role of this name, made if need be. */
  readonly roleNamed: (name: string) => Role;
  readonly addUser: (user: Omit<User, "id">) => User;
  readonly replaceUser: (user: User) => User;
  readonly addApplication: (application: { readonly name: string } & Partial<Chosen>) => Application;
  readonly replaceApplication: (application: Application) => Application;
  /** The old token is wrong from now on. */
  readonly renewToken: (applicationId: string) => Application;
  readonly applicationOf: (token: string) => Application | undefined;
}

type Chosen = Pick<Application, "token" | "privileges" | "permissions">;

const NO_PRIVILEGES: Privileges = Object.freeze({ messageContent: false, members: false, presences: false });

/** The last 32 bytes of the encoded key are the key itself; what comes before says of which kind it is. */
const RAW_KEY_BYTES = 32;

export function createSociety(nextId: () => string): Society {
  const roles = new Map<string, Role>();
  const users = new Map<string, User>();
  const applications = new Map<string, Application>();

  function keep<T extends { readonly id: string }>(kept: Map<string, T>, one: T): T {
    kept.set(one.id, Object.freeze(one));
    return one;
  }

  return {
    roles,
    users,
    applications,
    roleNamed: (name) => [...roles.values()].find((role) => role.name === name) ?? keep(roles, { id: nextId(), name }),
    addUser: (user) => keep(users, { ...user, id: nextId() }),
    replaceUser: (user) => keep(users, user),
    addApplication: ({ name, token, privileges = NO_PRIVILEGES, permissions = ALL_PERMISSIONS }) => {
      const roleId = nextId();
      const { id } = keep(users, { id: nextId(), name, isBot: true, roleIds: [roleId] });
      const { privateKey, publicKey } = generateKeyPairSync("ed25519");
      const encoded = publicKey.export({ type: "spki", format: "der" });
      return keep(applications, {
        id,
        name,
        roleId,
        token: token ?? createBotToken(id),
        privileges,
        permissions,
        channelPermissions: {},
        interactionsUrl: null,
        privateKey,
        publicKey: encoded.subarray(-RAW_KEY_BYTES).toString("hex"),
      });
    },
    renewToken: (id) => keep(applications, { ...applications.get(id)!, token: createBotToken(id) }),
    replaceApplication: (application) => keep(applications, application),
    applicationOf: (token) => [...applications.values()].find((application) => application.token === token),
  };
}

/** What the bot may do in a channel, and in the threads that hang on it. */
export function permissionsIn(
  channelId: string,
  { permissions, channelPermissions }: Application,
): readonly Permission[] {
  return channelPermissions[channelId] ?? permissions;
}

/** A bot token as Discord's: the id in Base64, an instant, a secret, with dots between. */
function createBotToken(id: string): string {
  const random = (bytes: number) => randomBytes(bytes).toString("base64url");
  return `${Buffer.from(id).toString("base64url")}.${random(4)}.${random(28)}`;
}
