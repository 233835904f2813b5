/**
 * The gateway: who is connected, and who hears what.
 *
 * Upstream   the events of the world, and the wire.
 * Downstream the sessions. The remote control can make it fail.
 */
import type { EmulatorEvent, Events } from "../observe/events.ts";
import type { Clock } from "../time/clock.ts";
import { type Connection, createConnection, type Office, type Wire } from "./connection.ts";
import { toDispatch } from "./dispatch.ts";
import { createOffice } from "./office.ts";
import type { Session } from "./session.ts";
import type { Starts } from "./starts.ts";
import type { Host } from "./welcome.ts";
import { CLOSE } from "./words.ts";

/** How long a session waits for its bot to come back; the figure is ours. */
const SESSION_LIFE_MS = 120_000;

/** Close codes with which a client gives its session up. */
const GOODBYE: readonly number[] = [1000, 1001];

export interface GatewayParts extends Host {
  readonly events: Events;
  readonly clock: Clock;
  readonly starts: Starts;
}

/** One bot's session, for a test to look at. */
export interface SessionState {
  readonly applicationId: string;
  readonly sessionId: string;
  readonly intents: number;
  readonly sequence: number;
  readonly isConnected: boolean;
}

export interface Gateway {
  readonly connect: (wire: Wire) => Pick<Connection, "receive" | "ended">;
  readonly sessions: () => SessionState[];
  /** Tells one bot, whatever its intents; false when it has no session. */
  readonly tell: (applicationId: string, t: string, d: unknown) => boolean;
  /** The wires of a bot that are open now; of all, without a bot. */
  readonly wires: (applicationId?: string) => Wire[];
  /** Tells the latest event once more. */
  readonly repeat: (applicationId?: string) => void;
  /** Forgets the sessions of a bot, so that none can be resumed. */
  readonly forget: (applicationId?: string) => void;
  readonly close: () => void;
}

export function createGateway(parts: GatewayParts): Gateway {
  const { world, events, clock } = parts;
  const sessions = new Map<string, Session>();
  const connections = new Set<Connection>();
  const stop = events.listen((event) => {
    for (const session of sessions.values()) pass(event, session);
  });

  function pass(event: EmulatorEvent, session: Session): void {
    const application = world.applications.get(session.applicationId)!;
    const dispatch = toDispatch(event, { application, intents: session.intents, world });
    if (dispatch !== null) session.tell(dispatch);
  }

  const changed = () => events.emit({ kind: "changed" });
  const office: Office = {
    ...createOffice({
      ...parts,
      sessions,
      changed,
      expel: (applicationId) => {
        forget(applicationId);
        for (const wire of wires(applicationId)) wire.close(CLOSE.AUTHENTICATION_FAILED);
      },
    }),
    gone: (connection, code) => {
      connections.delete(connection);
      const session = connection.session();
      // Somebody may have resumed it meanwhile, over another connection.
      if (session === null || !session.isAttached(connection.wire.send)) return;
      session.detach();
      changed();
      if (GOODBYE.includes(code)) sessions.delete(session.id);
      else clock.schedule(clock.now() + SESSION_LIFE_MS, () => !session.isAttached() && sessions.delete(session.id));
    },
  };

  function sessionsOf(applicationId?: string): Session[] {
    return [...sessions.values()].filter((one) => applicationId === undefined || one.applicationId === applicationId);
  }

  function wires(applicationId?: string): Wire[] {
    const wanted = [...connections].filter(
      (one) => applicationId === undefined || one.session()?.applicationId === applicationId,
    );
    return wanted.map(({ wire }) => wire);
  }

  function forget(applicationId?: string): void {
    for (const { id } of sessionsOf(applicationId)) sessions.delete(id);
  }

  return {
    connect: (wire) => {
      const connection = createConnection(wire, office, clock);
      connections.add(connection);
      return connection;
    },
    sessions: () => Array.from(sessions.values(), toState),
    tell: (applicationId, t, d) => {
      const own = sessionsOf(applicationId);
      for (const session of own) session.tell({ t, d });
      return own.length > 0;
    },
    wires,
    repeat: (applicationId) => {
      for (const session of sessionsOf(applicationId)) session.repeat();
    },
    forget,
    close: () => {
      stop();
      for (const { wire } of connections) wire.cut();
    },
  };
}

function toState(session: Session): SessionState {
  return {
    applicationId: session.applicationId,
    sessionId: session.id,
    intents: session.intents,
    sequence: session.sequence(),
    isConnected: session.isAttached(),
  };
}
