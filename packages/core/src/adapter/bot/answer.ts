/**
 * Decides what follows when somebody asks or presses something: looks, acts on the desk, and says what has become of it.
 *
 * Upstream   incoming.ts, over the gateway and over HTTP alike. Downstream the desk, and reply.ts.
 * Never rejects.
 */
import { ALERT_ACTIONS, type AlertAction, type AlertDesk, type DeskAnswer, type OpenAlert } from "../../alert/desk.ts";
import type { Clock } from "../../clock/clock.ts";
import { escapeDiscord } from "../../message/discord/escape.ts";
import { renderDiscord } from "../../message/discord/render.ts";
import { normaliseNotification } from "../../notification/normalise.ts";
import { compactDuration } from "../../notification/times.ts";
import { ALERT_OPTION, DURATION_OPTION } from "./commands.ts";
import { alertMeant, alertOfMatter } from "./desks.ts";
import type { Asker, Interaction } from "./incoming.ts";
import { mayAct } from "./permission.ts";
import { pong, type Reply, say, show, suggest, update, whisper } from "./reply.ts";
import { type ShownComponent, statusMessage } from "./status.ts";
import { clockTime, parseDuration, relativeTime } from "./words.ts";
import { createWritten } from "./written.ts";

export interface AnswerParts {
  readonly clock: Clock;
  readonly program: string;
  readonly startedAt: number;
  readonly channelId: string;
  /** Whose members may act; none for everybody. */
  readonly roles: readonly string[];
  readonly components: () => readonly ShownComponent[] | Promise<readonly ShownComponent[]>;
  readonly desk: AlertDesk;
  /** The bot's token, by which buttons are told to be ours. */
  readonly secret: () => string | null;
}

export interface Answerer {
  /** The embed that answers `status`. */
  status(): Promise<readonly unknown[]>;
  answer(interaction: Interaction): Promise<Reply>;
}

/** Discord forgets an interaction that is not answered within 3 s. */
const ANSWER_WITHIN_MS = 2_000;
const BUTTON_SILENCE_MS = 3_600_000;
/** Longer is a mistake in the unit, or should be a maintenance window. */
const LONGEST_SILENCE_MS = 30 * 86_400_000;
const MAX_LISTED = 20;

const HOW_LONG = "How long? Write for example `30m`, `2h` or `1d`, up to `30d`.";
const NOTHING_WRONG = "Nothing is wrong right now.";

interface ActionRequest {
  readonly action: AlertAction;
  /** Of a silence. */
  readonly forMs: number;
}

type Asked = Exclude<Interaction, { readonly kind: "ping" }>;
type Command = Extract<Interaction, { readonly kind: "command" }>;
type Press = Extract<Interaction, { readonly kind: "press" }>;

export function createAnswerer(parts: AnswerParts): Answerer {
  return new LiveAnswerer(parts);
}

class LiveAnswerer implements Answerer {
  readonly #parts: AnswerParts;
  readonly #written = createWritten();

  constructor(parts: AnswerParts) {
    this.#parts = parts;
  }

  async status(): Promise<readonly unknown[]> {
    const { clock, program, startedAt } = this.#parts;
    const now = clock.now();
    const components = await this.#parts.components();
    const input = statusMessage({ program, startedAt, components }, now);
    const notification = normaliseNotification(input, { id: "ntf_status", now });
    const style = { service: program, username: null, avatarUrl: null };
    return renderDiscord({ notifications: [notification], degrade: [] }, style).body.embeds ?? [];
  }

  async answer(interaction: Interaction): Promise<Reply> {
    if (interaction.kind === "ping") return pong();
    const done = new AbortController();
    const late = this.#parts.clock.sleep(ANSWER_WITHIN_MS, done.signal).catch(() => {});
    const tooLate = late.then(() => whisper("That takes too long right now: try again."));
    try {
      return await Promise.race([this.#decide(interaction), tooLate]);
    } catch {
      return whisper("That has failed: try again, and look at the program's log.");
    } finally {
      done.abort();
    }
  }

  async #decide(asked: Asked): Promise<Reply> {
    const { channelId, desk } = this.#parts;
    if (!asked.isHere) return asked.kind === "suggest" ? suggest([]) : whisper(`Ask me in <#${channelId}>.`);
    switch (asked.kind) {
      case "suggest":
        return suggest(namesLike(await desk.list(), asked.typed));
      case "unknown-button":
        return whisper("This button is from another time: use `/ack`, `/silence` or `/alerts`.");
      case "press":
        return this.#guarded(asked.asker, () => this.#press(asked));
      case "command":
        return this.#command(asked);
    }
  }

  async #command(asked: Command): Promise<Reply> {
    const { clock, desk } = this.#parts;
    switch (asked.name) {
      case "status":
        return show(await this.status());
      case "alerts":
        return say(listOf(await desk.list(), clock.now()));
      case "ack":
        return this.#guarded(asked.asker, () => this.#actOnNamed(asked, { action: "acknowledge", forMs: 0 }));
      case "silence": {
        const forMs = parseDuration(asked.options.get(DURATION_OPTION) ?? "1h");
        if (forMs === null || forMs > LONGEST_SILENCE_MS) return whisper(HOW_LONG);
        return this.#guarded(asked.asker, () => this.#actOnNamed(asked, { action: "silence", forMs }));
      }
    }
  }

  #guarded(asker: Asker, act: () => Promise<Reply>): Promise<Reply> | Reply {
    const permission = mayAct(this.#parts.roles, asker.roles);
    return permission.ok ? act() : whisper(permission.reason);
  }

  async #actOnNamed({ asker, options }: Command, request: ActionRequest): Promise<Reply> {
    const { clock, desk } = this.#parts;
    const open = await desk.list();
    const meant = alertMeant(open, options.get(ALERT_OPTION) ?? "");
    if (meant.kind === "none") return whisper(open.length === 0 ? NOTHING_WRONG : `No such alert. ${namesIn(open)}`);
    if (meant.kind === "several") return whisper(`Which one? ${namesIn(meant.alerts)}`);
    const { alert } = meant;
    const answer = await this.#act(alert, request, asker);
    const line = `**${escapeDiscord(alert.name)}**: ${lineOf(answer, { action: request.action, asker, now: clock.now() })}`;
    return answer.kind === "done" ? say(line) : whisper(line);
  }

  async #press({ press, asker, message }: Press): Promise<Reply> {
    const { clock, desk, secret } = this.#parts;
    const { action } = press;
    const alert = alertOfMatter(await desk.list(), press.matter);
    const answer: DeskAnswer =
      alert === null ? { kind: "not-open" } : await this.#act(alert, { action, forMs: BUTTON_SILENCE_MS }, asker);
    // Who was a moment too late finds there what the other has done.
    const isTold = answer.kind !== "done" && this.#written.hasNews(message);
    const lines = isTold ? [] : [lineOf(answer, { action, asker, now: clock.now() })];
    const isOver = answer.kind === "not-open" || action === "resolve";
    const writing = this.#written.add(message, { lines, disable: isOver ? ALERT_ACTIONS : [action] });
    return update(message, { ...writing, secret: secret() });
  }

  #act({ key }: OpenAlert, { action, forMs }: ActionRequest, { name }: Asker): DeskAnswer | Promise<DeskAnswer> {
    const { clock, desk } = this.#parts;
    switch (action) {
      case "acknowledge":
        return desk.acknowledge(key, { name });
      case "silence":
        return desk.silence(key, clock.now() + forMs, { name });
      case "resolve":
        return desk.resolve(key, { name });
    }
  }
}

/** Who has done what and when; or why nothing has been done. */
function lineOf(
  answer: DeskAnswer,
  { action, asker, now }: { action: AlertAction; asker: Asker; now: number },
): string {
  if (answer.kind === "not-open") return "This is over already.";
  const { alert } = answer;
  const who = `<@${asker.id}>`;
  switch (action) {
    case "acknowledge":
      if (answer.kind === "done") return `✅ Acknowledged by ${who} at ${clockTime(now)}`;
      return `Acknowledged already${alert.acknowledgedBy === null ? "" : ` by ${escapeDiscord(alert.acknowledgedBy)}`}.`;
    case "silence": {
      const until = alert.silencedUntil === null ? "" : ` until ${clockTime(alert.silencedUntil)}`;
      return answer.kind === "done"
        ? `🔕 Silenced${until} by ${who} at ${clockTime(now)}`
        : `Silenced already${until}.`;
    }
    case "resolve":
      return `☑️ Resolved by ${who} at ${clockTime(now)}`;
  }
}

function listOf(alerts: readonly OpenAlert[], now: number): string {
  if (alerts.length === 0) return NOTHING_WRONG;
  const lines = alerts.slice(0, MAX_LISTED).map((alert) => `- ${describe(alert, now)}`);
  const more = alerts.length - lines.length;
  return [...lines, ...(more > 0 ? [`… and ${more} more`] : [])].join("\n");
}

function describe(
  { name, phase, since, acknowledgedBy, acknowledgedAt, silencedUntil }: OpenAlert,
  now: number,
): string {
  const parts = [
    `**${escapeDiscord(name)}** ${phase === "flapping" ? "is flapping" : "is down"} since ${relativeTime(since)} (${compactDuration(now - since)})`,
    acknowledgedAt === null
      ? null
      : `acknowledged${acknowledgedBy === null ? "" : ` by ${escapeDiscord(acknowledgedBy)}`}`,
    silencedUntil === null || silencedUntil <= now ? null : `silenced until ${clockTime(silencedUntil)}`,
  ];
  return parts.filter((part) => part !== null).join(", ");
}

function namesIn(alerts: readonly OpenAlert[]): string {
  const names = alerts.slice(0, MAX_LISTED).map(({ name }) => `**${escapeDiscord(name)}**`);
  return `There ${names.length === 1 ? "is" : "are"} ${names.join(", ")}.`;
}

function namesLike(alerts: readonly OpenAlert[], typed: string): string[] {
  const wanted = typed.trim().toLowerCase();
  return alerts.map(({ name }) => name).filter((name) => name.toLowerCase().includes(wanted));
}
