/**
 * Where people act on alerts: the port that a bot, an API or a page asks, and that whoever keeps alerts implements.
 *
 * Instants are epoch milliseconds.
 */

/** What people may do about an alert. */
export const ALERT_ACTIONS = ["acknowledge", "silence", "resolve"] as const;
export type AlertAction = (typeof ALERT_ACTIONS)[number];

/** An alert that people have been told of, or are kept from being told of, and that is not over. */
export interface OpenAlert {
  /** That of its notifications. */
  readonly key: string;
  /** What it is called among people, e.g. the component. */
  readonly name: string;
  readonly phase: "firing" | "flapping";
  readonly since: number;
  readonly acknowledgedAt: number | null;
  /** `null` for nobody, and where it is not known. */
  readonly acknowledgedBy: string | null;
  readonly silencedUntil: number | null;
}

/** Who acts, for the record. */
export interface Actor {
  /** As people know them. */
  readonly name: string;
}

export type DeskAnswer =
  | { readonly kind: "done"; readonly alert: OpenAlert }
  /** It was so already; nothing has changed. */
  | { readonly kind: "already"; readonly alert: OpenAlert }
  /** There is no such alert, or it is over. */
  | { readonly kind: "not-open" };

type Awaitable<Value> = Value | Promise<Value>;

/** Acts on alerts by their key. What rejects is told to whoever asked. */
export interface AlertDesk {
  /** All that are open, the oldest first. */
  list(): Awaitable<readonly OpenAlert[]>;
  /** Somebody has seen it: no more reminders. */
  acknowledge(key: string, actor: Actor): Awaitable<DeskAnswer>;
  /** No reminders until then; its end is told all the same. */
  silence(key: string, until: number, actor: Actor): Awaitable<DeskAnswer>;
  /** It counts as over, and that is told. Should the condition still be met, it begins anew. */
  resolve(key: string, actor: Actor): Awaitable<DeskAnswer>;
}
