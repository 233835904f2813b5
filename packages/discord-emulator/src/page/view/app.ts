/** The whole page: servers, channels, messages, and the emulator's own panel. */
import { html, nothing, type TemplateResult } from "lit";
import type { LocalEvent, PageState } from "../state.ts";
import { renderForm } from "./form.ts";
import { renderLog } from "./log.ts";
import { renderPanel } from "./panel.ts";
import { renderSidebar } from "./sidebar.ts";

export type Tell = (event: LocalEvent) => void;

export function renderApp(state: PageState, tell: Tell): TemplateResult {
  const { surroundings, connection, isPanelOpen } = state;
  if (surroundings === null) return html`<p class="waiting">Connecting to the emulator…</p>`;
  return html`
    <nav class="rail" aria-label="Servers">
      <div class="guild" title=${surroundings.guildName}>${initialsOf(surroundings.guildName)}</div>
    </nav>
    ${renderSidebar(state, surroundings, tell)}
    ${renderLog(state, surroundings, tell)}
    ${isPanelOpen ? renderPanel(state, surroundings) : nothing}
    ${renderForm(state.own, tell)}
    ${connection === "lost" ? html`<p class="lost" role="alert">The emulator does not answer. Trying again…</p>` : nothing}
  `;
}

function initialsOf(name: string): string {
  return Array.from(name.matchAll(/(?<![\p{L}\p{N}])[\p{L}\p{N}]/gu), ([letter]) => letter)
    .slice(0, 3)
    .join("");
}
