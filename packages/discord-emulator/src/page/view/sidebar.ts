/** The column of channels, with what is unread in each. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ShownBot, Surroundings } from "../../view/protocol.ts";
import type { Channel, Thread } from "../../world/places.ts";
import { act } from "../act.ts";
import { avatarOf } from "../pictures.ts";
import type { PageState } from "../state.ts";
import type { Tell } from "./app.ts";
import { icon } from "./icons.ts";

export function renderSidebar(state: PageState, surroundings: Surroundings, tell: Tell): TemplateResult {
  const { guildName, channels, bots, url, isStrict } = surroundings;
  const texts = channels.filter(({ kind }) => kind === "text");
  const forums = channels.filter(({ kind }) => kind !== "text");
  const group = (title: string, members: readonly Channel[]) =>
    members.length === 0
      ? nothing
      : html`
          <h2>${title}</h2>
          ${repeat(
            members,
            ({ id }) => id,
            (channel) => renderChannel(channel, { state, surroundings, tell }),
          )}
        `;
  return html`
    <aside class="sidebar">
      <header>${guildName}</header>
      <nav class="scroll" aria-label="Channels">
        ${group("Text channels", texts)} ${group("Forums", forums)}
        ${bots.length === 0 ? nothing : html`<h2>Bots</h2>${bots.map((bot) => renderBot(bot, { state, surroundings, tell }))}`}
        ${channels.length === 0 ? html`<p class="hint">There are no channels yet.</p>` : nothing}
      </nav>
      <footer>
        <span class="dot ${state.connection}"></span>
        <div><b>Discord emulator</b><small>${url}${isStrict ? " · strict" : ""}</small></div>
      </footer>
    </aside>
  `;
}

/** Under a bot stand the conversations with it; a click begins one. */
function renderBot({ id, name, isOnline }: ShownBot, context: Context): TemplateResult {
  const { state, surroundings, tell } = context;
  const own = surroundings.directs.filter(({ applicationId }) => applicationId === id);
  const nameOf = (userId: string) => surroundings.people.find((one) => one.id === userId)?.name ?? "";
  const begin = () => act({ kind: "dm", botId: id }, state.own, tell);
  return html`
    <button class="bot ${isOnline ? "online" : ""}" title="${isOnline ? "Connected to the gateway" : "Not connected"}; click to write to it" @click=${begin}>
      <span class="face"><img src=${avatarOf(name, null)} alt="" /></span>${name}
    </button>
    ${repeat(
      own,
      (direct) => direct.id,
      (direct) => renderPlace({ place: { id: direct.id, name: nameOf(direct.userId) }, look: "direct" }, context),
    )}
  `;
}

interface Context {
  readonly state: PageState;
  readonly surroundings: Surroundings;
  readonly tell: Tell;
}

function renderChannel(channel: Channel, context: Context): TemplateResult {
  const threads = context.surroundings.threads.filter(({ parentId }) => parentId === channel.id);
  return html`
    ${renderPlace({ place: channel, look: channel.kind === "text" ? "text" : "forum" }, context)}
    ${repeat(
      threads,
      ({ id }) => id,
      (thread) => renderPlace({ place: thread, look: "thread" }, context),
    )}
  `;
}

interface Row {
  readonly place: Pick<Channel | Thread, "id" | "name">;
  readonly look: "text" | "forum" | "thread" | "direct";
}

function renderPlace({ place, look }: Row, { state, tell }: Context): TemplateResult {
  const unread = state.unread.get(place.id);
  const classes = ["place", look, place.id === state.placeId ? "selected" : "", unread ? "unread" : ""];
  return html`
    <button class=${classes.join(" ")} @click=${() => tell({ kind: "select", placeId: place.id })}>
      ${icon(look)}<span class="name">${place.name}</span>
      ${unread && unread.messages > 0 && unread.pings === 0 ? html`<span class="count">${short(unread.messages)}</span>` : nothing}
      ${unread && unread.pings > 0 ? html`<span class="badge" title="${unread.messages} new, ${unread.pings} rang">${short(unread.pings)}</span>` : nothing}
    </button>
  `;
}

function short(count: number): string {
  return count > 999 ? "999+" : String(count);
}
