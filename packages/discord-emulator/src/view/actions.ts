/** Does what the page asks of the emulator: faults, bans, limits. */

import type { FaultAction } from "../fault/fault.ts";
import { isRecord } from "../form/reader.ts";
import { BAN_SHAPES } from "../limit/ban-shape.ts";
import { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "../limit/limits.ts";
import type { Remote } from "../remote.ts";
import type { LimitsPreset, PageAction, PersonAction } from "./protocol.ts";

const FAILURES: Readonly<Record<Extract<PageAction, { kind: "fail" }>["how"], FaultAction>> = Object.freeze({
  "500": { kind: "status", status: 500 },
  "502-after": { kind: "status", status: 502, body: "html", store: "after" },
  "reset-after": { kind: "reset", store: "after" },
  stall: { kind: "stall", ms: 15_000, store: "after" },
});

const PRESETS: Readonly<Record<LimitsPreset, Limits>> = Object.freeze({
  discord: DEFAULT_LIMITS,
  punish: { ...DEFAULT_LIMITS, punish: true },
  none: NO_LIMITS,
});

/** Which preset the limits are. */
export function presetOf(limits: Limits): LimitsPreset | "custom" {
  const asText = JSON.stringify(sorted(limits));
  const found = Object.entries(PRESETS).find(([, preset]) => JSON.stringify(sorted(preset)) === asText);
  return (found?.[0] as LimitsPreset | undefined) ?? "custom";
}

function sorted(limits: Limits): unknown {
  return Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1));
}

type OwnAction = Exclude<PageAction, PersonAction>;

/** Null when it is done; otherwise what is wrong with the request. */
export function act(request: unknown, remote: Remote): string | null {
  const action = readAction(request);
  if (action === null) return "This is no action the emulator knows.";
  switch (action.kind) {
    case "fail":
      remote.faults.add({ match: { method: "POST" }, times: action.times, do: FAILURES[action.how] });
      return null;
    case "ban":
      remote.ban({ shape: action.shape, retryAfterSeconds: action.retryAfterSeconds });
      return null;
    case "heal":
      remote.faults.clear();
      remote.unban();
      return null;
    case "limits":
      remote.setLimits(PRESETS[action.preset]);
      return null;
    case "delete-webhook":
      return remote.deleteWebhook(action.id) ? null : "There is no such webhook any more.";
  }
}

function readAction(request: unknown): OwnAction | null {
  if (!isRecord(request)) return null;
  const { kind, how, times, shape, retryAfterSeconds, preset, id } = request;
  const isCount = (input: unknown) => Number.isInteger(input) && Number(input) >= 1;
  const isKnown =
    (kind === "fail" && Object.keys(FAILURES).includes(String(how)) && isCount(times)) ||
    (kind === "ban" && BAN_SHAPES.some((one) => one === shape) && isCount(retryAfterSeconds)) ||
    kind === "heal" ||
    (kind === "limits" && Object.keys(PRESETS).includes(String(preset))) ||
    (kind === "delete-webhook" && typeof id === "string");
  return isKnown ? (request as unknown as OwnAction) : null;
}
