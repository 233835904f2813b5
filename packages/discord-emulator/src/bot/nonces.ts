/** Remembers which message was made under which nonce. The caller passes `now`. */

/** “The past few minutes”, as the documentation has it; the figure is ours. */
export const NONCE_LIFE_MS = 5 * 60_000;

export interface NonceOf {
  readonly authorId: string;
  readonly channelId: string;
  readonly nonce: string;
}

export interface Nonces {
  /** The message's id, though it may have been deleted since; null when there is none, or none of late. */
  readonly find: (of: NonceOf, now: number) => string | null;
  readonly keep: (of: NonceOf, messageId: string, now: number) => void;
}

export function createNonces(): Nonces {
  // A Map keeps the order in which they came: the oldest are the first.
  const kept = new Map<string, { readonly messageId: string; readonly at: number }>();
  const keyOf = ({ authorId, channelId, nonce }: NonceOf) => `${authorId} ${channelId} ${nonce}`;
  return {
    find: (of, now) => {
      const found = kept.get(keyOf(of));
      return found !== undefined && now - found.at <= NONCE_LIFE_MS ? found.messageId : null;
    },
    keep: (of, messageId, now) => {
      for (const [key, { at }] of kept) {
        if (now - at <= NONCE_LIFE_MS) break;
        kept.delete(key);
      }
      kept.delete(keyOf(of));
      kept.set(keyOf(of), { messageId, at: now });
    },
  };
}
