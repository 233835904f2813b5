/**
 * What the page knows, and how each event changes it. Pure: the page is what view/ makes of this. What the reader is
 * about to do (a draft, a form) is in own.ts.
 */
import type { Counters } from "../observe/ledger.ts";
import type { RequestEntry } from "../observe/request-log.ts";
import type { News, PageEvent, Surroundings } from "../view/protocol.ts";
import type { StoredMessage } from "../world/message.ts";
import { INITIAL_OWN, leave, type Own, type OwnEvent, stepOwn } from "./own.ts";

/** Messages held per place; what scrolled further away is on the server still. */
const HELD = 200;
const REQUESTS_HELD = 40;

export interface Unread {
  readonly messages: number;
  /** How many of them rang. */
  readonly pings: number;
}

export interface PageState {
  readonly connection: "connecting" | "live" | "lost";
  readonly surroundings: Surroundings | null;
  readonly messages: ReadonlyMap<string, readonly StoredMessage[]>;
  readonly unread: ReadonlyMap<string, Unread>;
  readonly requests: readonly RequestEntry[];
  readonly counters: Counters | null;
  /** The channel or thread that is looked at. */
  readonly placeId: string | null;
  /** A place that is looked at as soon as it is there. */
  readonly requestedId: string | null;
  readonly isPanelOpen: boolean;
  readonly own: Own;
}

export type LocalEvent =
  | OwnEvent
  | { readonly kind: "select"; readonly placeId: string }
  | { readonly kind: "lost" }
  | { readonly kind: "toggle-panel" };

export const INITIAL_STATE: PageState = Object.freeze({
  connection: "connecting",
  surroundings: null,
  messages: new Map(),
  unread: new Map(),
  requests: [],
  counters: null,
  placeId: null,
  requestedId: null,
  isPanelOpen: true,
  own: INITIAL_OWN,
});

export function step(state: PageState, event: PageEvent | LocalEvent): PageState {
  switch (event.kind) {
    case "start":
      return start(state, event.surroundings, event.news);
    case "surroundings":
      return grant(withPlace({ ...state, surroundings: event.surroundings }));
    case "news":
      return hear(state, event.news);
    case "select":
      if (state.surroundings !== null && !placeIds(state.surroundings).includes(event.placeId)) {
        return { ...state, requestedId: event.placeId };
      }
      return withPlace({
        ...state,
        placeId: event.placeId,
        unread: without(state.unread, event.placeId),
        own: leave(state.own),
      });
    case "lost":
      return { ...state, connection: "lost" };
    case "toggle-panel":
      return { ...state, isPanelOpen: !state.isPanelOpen };
    default:
      return { ...state, own: stepOwn(state.own, event) };
  }
}

/** Everything anew; what was unread stays so only where the emulator is still the same. */
function start(state: PageState, surroundings: Surroundings, news: News): PageState {
  const fresh = { ...state, connection: "live" as const, surroundings, messages: new Map(), requests: [] };
  const unread = [...state.unread].filter(([id]) => placeIds(surroundings).includes(id));
  return { ...hear(withPlace(fresh), news), unread: new Map(unread) };
}

function hear(state: PageState, news: News): PageState {
  const messages = new Map(state.messages);
  const created = Map.groupBy(news.created, ({ channelId }) => channelId);
  for (const [id, added] of created) messages.set(id, [...(messages.get(id) ?? []), ...added].slice(-HELD));
  if (news.edited.length > 0 || news.deleted.length > 0) amend(messages, news);
  return {
    ...state,
    messages,
    unread: countUnread(state, news, created),
    requests: [...state.requests, ...news.requests].slice(-REQUESTS_HELD),
    counters: news.counters,
  };
}

function amend(messages: Map<string, readonly StoredMessage[]>, { edited, deleted }: News): void {
  const byId = new Map(edited.map((message) => [message.id, message]));
  const gone = new Set(deleted);
  for (const [id, held] of messages) {
    if (!held.some((message) => byId.has(message.id) || gone.has(message.id))) continue;
    messages.set(
      id,
      held.filter((message) => !gone.has(message.id)).map((message) => byId.get(message.id) ?? message),
    );
  }
}

function countUnread(state: PageState, { counts }: News, created: Map<string, StoredMessage[]>): PageState["unread"] {
  const unread = new Map(state.unread);
  for (const [id, count] of Object.entries(counts)) {
    if (id === state.placeId) continue;
    const before = unread.get(id) ?? { messages: 0, pings: 0 };
    const pings = (created.get(id) ?? []).filter(rings).length;
    unread.set(id, { messages: before.messages + count, pings: before.pings + pings });
  }
  return unread;
}

export function rings({ pings }: StoredMessage): boolean {
  return pings.everyone || pings.here || pings.users.length > 0 || pings.roles.length > 0;
}

function grant(state: PageState): PageState {
  const { requestedId, surroundings } = state;
  if (requestedId === null || surroundings === null || !placeIds(surroundings).includes(requestedId)) return state;
  return step({ ...state, requestedId: null }, { kind: "select", placeId: requestedId });
}

function withPlace(state: PageState): PageState {
  // Before the emulator has said what there is, what the address bar asks for stands.
  if (state.surroundings === null) return state;
  const ids = placeIds(state.surroundings);
  if (state.placeId !== null && ids.includes(state.placeId)) return state;
  return { ...state, placeId: ids[0] ?? null };
}

function placeIds({ channels, threads, directs }: Surroundings): string[] {
  return [...channels, ...threads, ...directs].map(({ id }) => id);
}

function without<V>(map: ReadonlyMap<string, V>, key: string): ReadonlyMap<string, V> {
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
