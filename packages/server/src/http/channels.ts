/** `GET /api/channels`: the destinations, and what holds them up. */
import type { LaneStatus, Notifier } from "@tocsin/core";
import type { z } from "zod";
import type { LastErrors } from "../notify/last-errors.ts";
import { type channel, channelList } from "./contract/channel.ts";
import { failures, iso } from "./contract/shared.ts";
import type { Http } from "./server.ts";

export interface ChannelRoutesOptions {
  readonly notifier: Pick<Notifier, "status">;
  readonly lastErrors: Pick<LastErrors, "of">;
}

export function channelRoutes(http: Http, { notifier, lastErrors }: ChannelRoutesOptions): void {
  const schema = { tags: ["channels"], response: { 200: channelList, ...failures } };
  http.get("/api/channels", { schema }, async () => ({
    items: notifier.status().destinations.map((lane) => toJson(lane, lastErrors)),
  }));
}

function toJson(lane: LaneStatus, lastErrors: Pick<LastErrors, "of">): z.infer<typeof channel> {
  const { destination: name, kind, label, mode, waiting, wait, breaker, error } = lane;
  const last = lastErrors.of(name);
  return {
    name,
    kind,
    label,
    mode,
    waiting,
    wait: wait && { because: wait.because, until: Number.isFinite(wait.until) ? iso(wait.until) : null },
    breaker,
    error: error && { code: error.code, message: error.message },
    last_error: last && { at: iso(last.at), code: last.code, message: last.message },
  };
}
