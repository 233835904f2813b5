/** The emulator's own panel: what came in, what was answered, and how to make it fail. */
import { html, nothing, type TemplateResult } from "lit";
import type { RequestEntry } from "../../observe/request-log.ts";
import type { LimitsPreset, PageAction, Surroundings } from "../../view/protocol.ts";
import { order } from "../orders.ts";
import type { PageState } from "../state.ts";
import { clockTimeOf } from "../time.ts";

export function renderPanel(state: PageState, surroundings: Surroundings): TemplateResult {
  return html`
    <aside class="panel" aria-label="Emulator">
      <h2>Traffic</h2>
      ${renderCounters(state)}
      <h2>Limits</h2>
      ${renderLimits(surroundings)}
      <h2>Make it fail</h2>
      ${renderFailures(surroundings, state.placeId)}
      <h2>Latest requests</h2>
      <ol class="requests">${state.requests.toReversed().map((request) => renderRequest(request, surroundings))}</ol>
      ${state.requests.length === 0 ? html`<p class="hint">Nothing has come in yet.</p>` : nothing}
    </aside>
  `;
}

function renderCounters({ counters }: PageState): TemplateResult | typeof nothing {
  if (counters === null) return nothing;
  const { byStatus, rateLimited } = counters;
  const sum = (from: number, to: number) =>
    Object.entries(byStatus).reduce(
      (total, [status, count]) => total + (Number(status) >= from && Number(status) < to ? count : 0),
      0,
    );
  const limited = rateLimited.user + rateLimited.shared + rateLimited.global;
  const tile = (label: string, count: number, look = "") =>
    html`<div class="tile ${count > 0 ? look : ""}" data-counter=${label}><b>${count.toLocaleString()}</b><span>${label}</span></div>`;
  return html`
    <div class="tiles">
      ${tile("requests", counters.requests)} ${tile("delivered", sum(200, 300), "good")}
      ${tile("rate limited", limited, "warn")} ${tile("refused", sum(400, 500) - limited - counters.blocked, "warn")}
      ${tile("failed", sum(500, 600) + counters.unanswered, "bad")} ${tile("banned", counters.blocked, "bad")}
    </div>
    ${limited > 0 ? html`<p class="hint">429 by scope: ${rateLimited.user} user, ${rateLimited.shared} shared, ${rateLimited.global} global</p>` : nothing}
  `;
}

const PRESETS: readonly (readonly [LimitsPreset, string])[] = [
  ["discord", "Discord's"],
  ["punish", "Punishing"],
  ["none", "None"],
];

function renderLimits({ limits }: Surroundings): TemplateResult {
  return html`
    <div class="choice">
      ${PRESETS.map(
        ([preset, label]) =>
          html`<button class=${preset === limits ? "on" : ""} @click=${send({ kind: "limits", preset })}>${label}</button>`,
      )}
    </div>
    ${limits === "custom" ? html`<p class="hint">Set by the program that started the emulator.</p>` : nothing}
  `;
}

function renderFailures(
  { isBanning, faults, webhooks, threads }: Surroundings,
  placeId: string | null,
): TemplateResult {
  const channelId = threads.find(({ id }) => id === placeId)?.parentId ?? placeId;
  const webhook = webhooks.find((one) => one.channelId === channelId);
  const button = (label: string, title: string, action: PageAction) =>
    html`<button title=${title} @click=${send(action)}>${label}</button>`;
  return html`
    <div class="failures">
      ${button("500 × 3", "The next three messages are answered with 500 and not stored", { kind: "fail", how: "500", times: 3 })}
      ${button("502 after storing", "The next message is stored, and then answered with 502", { kind: "fail", how: "502-after", times: 1 })}
      ${button("Reset after storing", "The next message is stored, and then the connection is reset", { kind: "fail", how: "reset-after", times: 1 })}
      ${button("Stall 15 s", "The next message is stored, and answered 15 seconds later", { kind: "fail", how: "stall", times: 1 })}
      ${button("Ban 60 s (1015)", "Every request gets 429, error code: 1015, for a minute", { kind: "ban", shape: "cloudflare-1015-text", retryAfterSeconds: 60 })}
      ${button("Ban, static JSON", "Every request gets 429 without any word on when to come back, for a minute", { kind: "ban", shape: "static-json", retryAfterSeconds: 60 })}
      ${webhook === undefined ? nothing : button(`Delete ${webhook.name}`, "This channel's webhook is unknown from now on", { kind: "delete-webhook", id: webhook.id })}
    </div>
    ${
      isBanning || faults > 0
        ? html`<div class="armed"><span>${isBanning ? "A ban is on. " : ""}${faults > 0 ? `${faults === 1 ? "A fault is" : `${faults} faults are`} waiting.` : ""}</span>
            ${button("Lift all", "Lifts bans and takes all faults out", { kind: "heal" })}</div>`
        : nothing
    }
  `;
}

function renderRequest(request: RequestEntry, surroundings: Surroundings): TemplateResult {
  const { receivedAt, method, status, limitedBy, fault } = request;
  const note = [fault === null ? "" : "fault", limitedBy ?? ""].filter(Boolean).join(" ");
  return html`
    <li>
      <time>${clockTimeOf(receivedAt)}</time><span>${method}</span><b class=${lookOf(status)}>${status ?? "—"}</b>
      <small class="where">${whereOf(request, surroundings)}</small><small>${note}</small>
    </li>
  `;
}

/** The channel; for what belongs to none, what kind of call it is. */
function whereOf({ path, webhookId }: RequestEntry, { webhooks, channels, threads }: Surroundings): string {
  const channelId = webhooks.find(({ id }) => id === webhookId)?.channelId ?? /\/channels\/(\d+)/.exec(path)?.[1];
  const channel = [...channels, ...threads].find(({ id }) => id === channelId);
  if (channel !== undefined) return channel.name;
  if (/\/interactions\/|\/webhooks\//.test(path)) return "interaction";
  return /\/(commands|gateway|users|guilds|applications)\b/.exec(path.replace(/.*(?=\/commands)/, ""))?.[1] ?? "";
}

function lookOf(status: number | null): string {
  if (status === null || status >= 500) return "bad";
  return status >= 400 ? "warn" : "good";
}

function send(action: PageAction): () => void {
  return () => {
    order(action).catch((error: Error) => alert(error.message));
  };
}
