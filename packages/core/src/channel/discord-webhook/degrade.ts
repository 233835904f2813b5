/**
 * Reads from Discord's refusal what to leave out of the message next time, so that the alert still arrives, if plainer.
 * Pure.
 */
import { type Culprit, DEGRADE_STEPS, type DegradeStep } from "../../delivery/channel.ts";
import type { ApiError } from "./api-error.ts";

/** What the message was that has been refused. */
export interface RefusedMessage {
  /** What has been taken off before. */
  readonly degrade: readonly DegradeStep[];
  readonly hasFiles: boolean;
}

/** Refusals of the files: request too large (40005, 50045), uploads off in this server (400001), too many (30015), broken (50046). */
const FILE_CODES: ReadonlySet<number> = new Set([40005, 50045, 400001, 30015, 50046]);
const HARMFUL_LINK = 240000;
const LINK_KEYS: ReadonlySet<string> = new Set(["url", "icon_url", "image", "thumbnail"]);
const FILE_KEYS = /^(?:attachments|files?)(?:\[|$)/;
const NAME_KEYS: ReadonlySet<string> = new Set(["username", "avatar_url"]);

/** The mildest step that answers the refusal and has not been taken; `null` when nothing is left. */
export function nextDegradeStep(status: number, api: ApiError | null, message: RefusedMessage): DegradeStep | null {
  const wanted = wantedSteps(status, api, message);
  const untried = DEGRADE_STEPS.filter((step) => !message.degrade.includes(step));
  return untried.find((step) => wanted.has(step)) ?? untried.find((step) => step === "text-only") ?? null;
}

/**
 * Which of a message's embeds Discord names, each with its own next step; none where it complains of anything else as well, as that
 * stands above them all.
 *
 * @param embeds how many there are
 */
export function culpritsOf(status: number, api: ApiError | null, { embeds, ...message }: RefusedEmbeds): Culprit[] {
  const fields = api?.fields ?? [];
  const byIndex = Map.groupBy(fields, ({ path }) => embedIndex(path));
  if (api === null || [...byIndex.keys()].some((index) => index === null || index >= embeds)) return [];
  return [...byIndex].map(([index, own]) => {
    return { index: index!, degradeBy: nextDegradeStep(status, { ...api, fields: own }, message) };
  });
}

export interface RefusedEmbeds extends RefusedMessage {
  readonly embeds: number;
}

function embedIndex([first, second = ""]: readonly string[]): number | null {
  return first === "embeds" && /^\d{1,2}$/.test(second) ? Number(second) : null;
}

function wantedSteps(status: number, api: ApiError | null, { hasFiles }: RefusedMessage): ReadonlySet<DegradeStep> {
  const code = api?.code ?? 0;
  if (hasFiles && (status === 413 || FILE_CODES.has(code))) return new Set(["without-files"]);
  if (code === HARMFUL_LINK) return new Set(["without-links"]);
  const steps = new Set((api?.fields ?? []).map(({ path }) => stepFor(path)));
  // Text alone has no links left to object to.
  if (steps.has("text-only")) steps.delete("without-links");
  return steps;
}

function stepFor(path: readonly string[]): DegradeStep {
  const [first = ""] = path;
  if (NAME_KEYS.has(first)) return "without-username";
  if (FILE_KEYS.test(first)) return "without-files";
  return path.some((key) => LINK_KEYS.has(key)) ? "without-links" : "text-only";
}
