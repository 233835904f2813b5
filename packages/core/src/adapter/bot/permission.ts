/** Who may act on alerts from a chat. Pure. */

export type Permission =
  | { readonly ok: true }
  /** A sentence for whoever asked. */
  | { readonly ok: false; readonly reason: string };

/**
 * With roles configured only their members may act. With none, everybody who can see the channel may: who that is, Discord's own
 * permissions of the channel say.
 *
 * @param allowed ids of roles
 * @param has the roles of the member; empty for somebody who is no member
 */
export function mayAct(allowed: readonly string[], has: readonly string[]): Permission {
  if (allowed.length === 0 || allowed.some((role) => has.includes(role))) return { ok: true };
  const names = allowed.map((role) => `<@&${role}>`).join(" or ");
  return { ok: false, reason: `This takes the role ${names}: ask an administrator of the server for it.` };
}
