/**
 * Lets bots in: judges IDENTIFY and RESUME, opens sessions and gives them back.
 *
 * Upstream   connections, with what they want.
 * Downstream the sessions, which the gateway holds.
 */
import type { Clock } from "../time/clock.ts";
import type { Application } from "../world/society.ts";
import type { Connection, Office } from "./connection.ts";
import { judgeIntents } from "./intents.ts";
import { createSession, type Session } from "./session.ts";
import type { Starts } from "./starts.ts";
import { answerMembers, type Host, welcome } from "./welcome.ts";
import { CLOSE, type CloseReason, OP } from "./words.ts";

export interface OfficeParts extends Host {
  readonly clock: Clock;
  readonly starts: Starts;
  readonly sessions: Map<string, Session>;
  /** Ends all sessions and connections of a bot that has identified too often. */
  readonly expel: (applicationId: string) => void;
  /** Tells that somebody has come online. */
  readonly changed: () => void;
}

type Entered = Session | CloseReason | "invalid-session";

export function createOffice(parts: OfficeParts): Pick<Office, "identify" | "resume" | "hear"> {
  const { world, clock, starts, sessions, expel } = parts;
  const applicationIn = (d: Record<string, unknown>) =>
    world.applicationOf(String(d["token"] ?? "").replace(/^Bot /, ""));

  function identify(d: Record<string, unknown>, { wire }: Connection): Entered {
    const application = applicationIn(d);
    if (application === undefined) return CLOSE.AUTHENTICATION_FAILED;
    const objection = objectionTo(d, application);
    if (objection !== null) return objection;
    if (!starts.take(application.id, clock.now())) {
      world.renewToken(application.id);
      expel(application.id);
      return CLOSE.AUTHENTICATION_FAILED;
    }
    const session = createSession({ id: world.nextId(), application, intents: Number(d["intents"]) });
    sessions.set(session.id, session);
    if (d["compress"] === true) wire.compressEach();
    session.attach(wire.send);
    welcome(session, application, parts);
    parts.changed();
    return session;
  }

  function resume(d: Record<string, unknown>, { wire }: Connection): Entered {
    const application = applicationIn(d);
    if (application === undefined) return CLOSE.AUTHENTICATION_FAILED;
    const session = sessions.get(String(d["session_id"]));
    if (session?.applicationId !== application.id) return "invalid-session";
    const seen = Number(d["seq"]);
    if (!Number.isInteger(seen) || seen > session.sequence()) return CLOSE.INVALID_SEQUENCE;
    session.attach(wire.send);
    if (!session.replay(seen)) {
      session.detach();
      sessions.delete(session.id);
      return "invalid-session";
    }
    session.tell({ t: "RESUMED", d: { _trace: [] } });
    parts.changed();
    return session;
  }

  return {
    identify,
    resume,
    hear: (op, d, session) => {
      if (op === OP.REQUEST_MEMBERS) answerMembers(d, session, world);
    },
  };
}

function objectionTo(d: Record<string, unknown>, { privileges }: Application): CloseReason | null {
  const { shard } = d;
  if (shard !== undefined && !(Array.isArray(shard) && shard[0] === 0 && shard[1] === 1)) return CLOSE.INVALID_SHARD;
  const verdict = judgeIntents(d["intents"], privileges);
  if (verdict === "invalid") return CLOSE.INVALID_INTENTS;
  return verdict === "disallowed" ? CLOSE.DISALLOWED_INTENTS : null;
}
