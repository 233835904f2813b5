/** `/api/channels`: the destinations, what holds them up, and orders to pause, resume or test them. */
import type { LaneStatus, Notifier, Pause, PauseOutcome } from "@tocsin/core";
import type { Clock } from "@tocsin/core/stages";
import { z } from "zod";
import type { LastErrors } from "../notify/last-errors.ts";
import { channel, channelCheck, channelList, pauseBody } from "./contract/channel.ts";
import { untilOf } from "./contract/order.ts";
import { failures, iso, isoOrNull } from "./contract/shared.ts";
import { ProblemError } from "./problems.ts";
import type { Http } from "./server.ts";

export interface ChannelRoutesOptions {
  readonly clock: Clock;
  readonly notifier: Pick<Notifier, "status" | "pause" | "resume" | "check">;
  readonly lastErrors: Pick<LastErrors, "of">;
}

const tags = ["channels"];
const params = z.object({ name: z.string() });

export function channelRoutes(http: Http, options: ChannelRoutesOptions): void {
  const { clock, notifier, lastErrors } = options;

  function all(): z.infer<typeof channelList> {
    const { pause, destinations } = notifier.status();
    return { pause: pause && pauseToJson(pause), items: destinations.map((lane) => toJson(lane, lastErrors)) };
  }

  function one(name: string): z.infer<typeof channel> {
    const found = all().items.find((item) => item.name === name);
    if (found === undefined) throw notFound(name);
    return found;
  }

  async function pause(destination: string | undefined, body: z.infer<typeof pauseBody>): Promise<void> {
    const { by, reason, ...expiry } = body ?? {};
    carriedOut(await notifier.pause({ destination, by, reason, untilAt: untilOf(expiry, clock.now()) }), destination);
  }

  http.get("/api/channels", { schema: { tags, response: { 200: channelList, ...failures } } }, async () => all());

  const pauseAll = { tags, body: pauseBody, response: { 200: channelList, ...failures } };
  http.post("/api/channels/pause", { schema: pauseAll }, async ({ body }) => {
    await pause(undefined, body);
    return all();
  });
  http.post("/api/channels/resume", { schema: { tags, response: { 200: channelList, ...failures } } }, async () => {
    carriedOut(await notifier.resume());
    return all();
  });

  const pauseOne = { tags, params, body: pauseBody, response: { 200: channel, ...failures } };
  http.post("/api/channels/:name/pause", { schema: pauseOne }, async ({ params: { name }, body }) => {
    await pause(name, body);
    return one(name);
  });
  const resumeOne = { tags, params, response: { 200: channel, ...failures } };
  http.post("/api/channels/:name/resume", { schema: resumeOne }, async ({ params: { name } }) => {
    carriedOut(await notifier.resume({ destination: name }), name);
    return one(name);
  });

  const test = { tags, params, response: { 200: channelCheck, ...failures } };
  http.post("/api/channels/:name/test", { schema: test }, async ({ params: { name } }) => {
    one(name);
    const check = (await notifier.check({ destination: name })).get(name)!;
    if (check.ok) return { usable: true, detail: check.detail, error: null };
    return { usable: false, detail: null, error: { code: check.error.code, message: check.error.message } };
  });
}

/** @throws ProblemError unless it was carried out and will outlast a restart */
function carriedOut(outcome: PauseOutcome, name = ""): void {
  switch (outcome) {
    case "done":
      return;
    case "unknown-destination":
      throw notFound(name);
    case "expired-already": {
      const message = "must lie in the future";
      throw new ProblemError("validation-failed", `until ${message}.`, [{ path: "/until", message }]);
    }
    case "not-kept":
      throw new ProblemError(
        "storage-unavailable",
        "It is in force, but the database could not be written, so that a restart would not know of it. Repeat it later.",
      );
  }
}

function notFound(name: string): ProblemError {
  return new ProblemError("channel-not-found", `There is no channel ${name}. GET /api/channels lists them.`);
}

function pauseToJson({ since, untilAt, by, reason }: Pause) {
  return { since: iso(since), until: isoOrNull(untilAt), by, reason };
}

function toJson(lane: LaneStatus, lastErrors: Pick<LastErrors, "of">): z.infer<typeof channel> {
  const { destination: name, kind, label, mode, pause, waiting, wait, breaker, error } = lane;
  const last = lastErrors.of(name);
  return {
    name,
    kind,
    label,
    mode,
    pause: pause && { ...pauseToJson(pause), of: pause.of === "all" ? "all" : "channel" },
    waiting,
    wait: wait && { because: wait.because, until: Number.isFinite(wait.until) ? iso(wait.until) : null },
    breaker,
    error: error && { code: error.code, message: error.message },
    last_error: last && { at: iso(last.at), code: last.code, message: last.message },
  };
}
