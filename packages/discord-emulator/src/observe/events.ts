/** Tells listeners what happens, so that neither tests nor the page have to ask again and again. */

import type { Role } from "../world/member.ts";
import type { StoredMessage } from "../world/message.ts";
import type { Channel, Thread, Webhook } from "../world/places.ts";
import type { Application } from "../world/society.ts";
import type { RequestEntry } from "./request-log.ts";
import type { Violation } from "./violations.ts";

export type EmulatorEvent =
  | { readonly kind: "message-created"; readonly message: StoredMessage }
  | { readonly kind: "message-edited"; readonly message: StoredMessage }
  | { readonly kind: "message-deleted"; readonly message: StoredMessage }
  | {
      readonly kind: "reaction-added";
      readonly message: StoredMessage;
      readonly userId: string;
      readonly emoji: string;
    }
  | {
      readonly kind: "reaction-removed";
      readonly message: StoredMessage;
      readonly userId: string;
      readonly emoji: string;
    }
  | { readonly kind: "channel-created"; readonly channel: Channel }
  | { readonly kind: "role-created"; readonly role: Role }
  /** What a bot may do: everywhere, or in one channel. */
  | { readonly kind: "permissions-changed"; readonly application: Application; readonly channelId: string | null }
  | { readonly kind: "thread-created"; readonly thread: Thread }
  | { readonly kind: "thread-changed"; readonly thread: Thread }
  | { readonly kind: "webhook-deleted"; readonly webhook: Webhook }
  | { readonly kind: "request"; readonly request: RequestEntry }
  | { readonly kind: "violation"; readonly violation: Violation }
  /** Channels, webhooks, bans, faults or limits are others than before. */
  | { readonly kind: "changed" };

export type Listener = (event: EmulatorEvent) => void;

export interface Events {
  readonly emit: (event: EmulatorEvent) => void;
  /** Returns the function that ends it. */
  readonly listen: (listener: Listener) => () => void;
}

export function createEvents(): Events {
  const listeners = new Set<Listener>();
  return {
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
