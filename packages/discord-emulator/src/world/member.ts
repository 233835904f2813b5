/** People, the users of bots, and their roles. */

export interface Role {
  readonly id: string;
  readonly name: string;
}

/** A person, or the user of a bot. Never changed: replaced by another of the same id. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly isBot: boolean;
  readonly roleIds: readonly string[];
}
