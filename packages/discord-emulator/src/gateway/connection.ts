/**
 * One connection of a bot, from HELLO to its end.
 *
 * Upstream   the wire, with what the client sends.
 * Downstream the office, which knows the sessions.
 *
 * Greeted: only IDENTIFY, RESUME and heartbeats are taken. Bound to a session: everything else, but neither of the
 * first two again. A client that misses a heartbeat by a whole interval, sends more than 120 events in a minute, or
 * more than 4,096 bytes in one, is closed with the code for it.
 */
import { isRecord } from "../form/reader.ts";
import { createUseWindow } from "../limit/window.ts";
import type { Clock } from "../time/clock.ts";
import type { Session } from "./session.ts";
import { CLOSE, type CloseReason, OP, type Payload, payload } from "./words.ts";

/** As Discord tells it in HELLO. */
export const HEARTBEAT_INTERVAL_MS = 41_250;

/** https://docs.discord.com/developers/events/gateway#rate-limiting */
const EVENTS_PER_MINUTE = { limit: 120, intervalMs: 60_000 } as const;
const PAYLOAD_BYTES_MAX = 4_096;

export interface Wire {
  readonly send: (payload: Payload) => void;
  /** What follows is compressed, each payload by itself. */
  readonly compressEach: () => void;
  readonly close: (reason: CloseReason) => void;
  /** Ends it without a word. */
  readonly cut: () => void;
}

/** What a connection asks of the gateway: each returns the session, or why there is none. */
export interface Office {
  readonly identify: (d: Record<string, unknown>, connection: Connection) => Session | CloseReason | "invalid-session";
  readonly resume: (d: Record<string, unknown>, connection: Connection) => Session | CloseReason | "invalid-session";
  /** Whatever else a bot says, once it is known. */
  readonly hear: (op: number, d: unknown, session: Session) => void;
  readonly gone: (connection: Connection, code: number) => void;
}

export interface Connection {
  readonly wire: Wire;
  readonly session: () => Session | null;
  readonly receive: (text: string) => void;
  readonly ended: (code: number) => void;
}

const HEARD: readonly number[] = [OP.PRESENCE, OP.VOICE, OP.REQUEST_MEMBERS, OP.REQUEST_SOUNDS];

export function createConnection(wire: Wire, office: Office, clock: Clock): Connection {
  const window = createUseWindow(EVENTS_PER_MINUTE);
  let session: Session | null = null;
  let isOver = false;
  let deadline = clock.schedule(clock.now() + 2 * HEARTBEAT_INTERVAL_MS, () => end(CLOSE.TIMED_OUT));
  const connection: Connection = { wire, session: () => session, receive, ended };
  wire.send(payload(OP.HELLO, { heartbeat_interval: HEARTBEAT_INTERVAL_MS, _trace: [] }));
  return connection;

  function end(reason: CloseReason): void {
    isOver = true;
    wire.close(reason);
  }

  function receive(text: string): void {
    // What was on its way when the connection was closed is not listened to.
    if (isOver) return;
    const now = clock.now();
    if (window.waitMs(now) > 0) return end(CLOSE.RATE_LIMITED);
    window.use(now);
    const told = Buffer.byteLength(text) > PAYLOAD_BYTES_MAX ? null : parse(text);
    if (told === null) return end(CLOSE.DECODE);
    obey(told.op, told.d);
  }

  function obey(op: number, d: unknown): void {
    if (op === OP.HEARTBEAT) return beat();
    if (op === OP.IDENTIFY || op === OP.RESUME) return enter(op, d);
    if (!HEARD.includes(op)) return end(CLOSE.UNKNOWN_OPCODE);
    if (session === null) return end(CLOSE.NOT_AUTHENTICATED);
    office.hear(op, d, session);
  }

  function beat(): void {
    deadline.cancel();
    deadline = clock.schedule(clock.now() + 2 * HEARTBEAT_INTERVAL_MS, () => end(CLOSE.TIMED_OUT));
    wire.send(payload(OP.HEARTBEAT_ACK));
  }

  function enter(op: number, d: unknown): void {
    if (session !== null) return end(CLOSE.ALREADY_AUTHENTICATED);
    if (!isRecord(d)) return end(CLOSE.DECODE);
    const entered = op === OP.IDENTIFY ? office.identify(d, connection) : office.resume(d, connection);
    if (entered === "invalid-session") return wire.send(payload(OP.INVALID_SESSION, false));
    if ("code" in entered) return end(entered);
    session = entered;
  }

  function ended(code: number): void {
    deadline.cancel();
    office.gone(connection, code);
  }
}

function parse(text: string): { readonly op: number; readonly d: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) && typeof value["op"] === "number" ? { op: value["op"], d: value["d"] } : null;
  } catch {
    return null;
  }
}
