/**
 * The permissions that decide what a bot may do here.
 * https://docs.discord.com/developers/topics/permissions#permissions-bitwise-permission-flags
 */

export const PERMISSION_BITS = Object.freeze({
  ADD_REACTIONS: 1n << 6n,
  VIEW_CHANNEL: 1n << 10n,
  SEND_MESSAGES: 1n << 11n,
  MANAGE_MESSAGES: 1n << 13n,
  EMBED_LINKS: 1n << 14n,
  ATTACH_FILES: 1n << 15n,
  READ_MESSAGE_HISTORY: 1n << 16n,
  MENTION_EVERYONE: 1n << 17n,
  MANAGE_WEBHOOKS: 1n << 29n,
  USE_APPLICATION_COMMANDS: 1n << 31n,
  MANAGE_THREADS: 1n << 34n,
  CREATE_PUBLIC_THREADS: 1n << 35n,
  SEND_MESSAGES_IN_THREADS: 1n << 38n,
});

export type Permission = keyof typeof PERMISSION_BITS;

export const ALL_PERMISSIONS = Object.freeze(Object.keys(PERMISSION_BITS) as Permission[]);

export function toBits(permissions: readonly Permission[]): bigint {
  return permissions.reduce((bits, name) => bits | PERMISSION_BITS[name], 0n);
}
