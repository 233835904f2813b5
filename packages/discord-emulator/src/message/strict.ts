/** Strict mode: a message must say itself whom it may ping, because Discord's defaults have changed before. */
import type { EditForm } from "../form/payload.ts";
import { type Answer, invalidForm } from "../http/answer.ts";
import type { Workshop } from "../workshop.ts";

const TEXT =
  'The emulator runs in strict mode: send allowed_mentions with every message, for instance {"parse": []} to ping nobody.';

export interface Sending {
  readonly now: number;
  /** The webhook or the bot. */
  readonly senderId: string;
}

/** Null when there is nothing to object to; otherwise the violation is recorded and this is the answer. */
export function insistOnMentions(form: EditForm, { now, senderId }: Sending, workshop: Workshop): Answer | null {
  if (!workshop.strict || form.allowed_mentions !== undefined) return null;
  const excerpt = form.content || form.embeds?.[0]?.title || form.embeds?.[0]?.description || "";
  workshop.violations.add({ at: now, senderId, kind: "allowed-mentions-missing", excerpt });
  return invalidForm([{ path: ["allowed_mentions"], code: "BASE_TYPE_REQUIRED", message: TEXT }]);
}
