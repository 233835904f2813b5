/** The messages of the channel or thread that is looked at. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Surroundings } from "../../view/protocol.ts";
import type { StoredMessage } from "../../world/message.ts";
import type { Names } from "../markdown.ts";
import type { PageState } from "../state.ts";
import { dayOf } from "../time.ts";
import type { Tell } from "./app.ts";
import { renderComposer } from "./composer.ts";
import { icon } from "./icons.ts";
import { type MessageContext, renderMessage } from "./message.ts";

/** Messages of one author within this time stand under one name. */
const GROUP_MS = 7 * 60_000;

export function renderLog(state: PageState, surroundings: Surroundings, tell: Tell): TemplateResult {
  const place = findPlace(state.placeId, surroundings);
  if (place === null) {
    return html`<main class="main"><div class="log" data-place=""><div class="intro"><h1>Nothing here yet</h1>
      <p>Create a channel and a webhook with the library, or start the command with <code class="md">--channels alerts</code>.</p>
    </div></div></main>`;
  }
  const messages = (state.messages.get(place.id) ?? []).filter(({ id }) => !state.own.dismissed.has(id));
  const { people, threads } = surroundings;
  const context: MessageContext = {
    ownUrl: surroundings.url,
    names: namesOf(surroundings),
    people,
    threads,
    tell,
    own: state.own,
    countOf: (placeId) => state.messages.get(placeId)?.length ?? 0,
    messageOf: (id) => messages.find((message) => message.id === id),
  };
  return html`
    <main class="main">
      <header>
        ${icon(place.look)}<b>${place.name}</b>${place.topic === "" ? nothing : html`<span class="topic">${place.topic}</span>`}
        <button class="tool" title="Show or hide the emulator's panel" @click=${() => tell({ kind: "toggle-panel" })}>${icon("panel")}</button>
      </header>
      <div class="log" data-place=${place.id}>
        ${renderIntro(place, surroundings)} ${place.look === "forum" ? renderPosts(place.id, { state, surroundings, tell }) : nothing}
        <discord-messages no-background>
          ${repeat(
            messages,
            ({ id }) => id,
            (message, at) =>
              html`${renderDay(messages[at - 1], message)}${renderMessage(message, { ...context, isContinued: continues(messages[at - 1], message) })}`,
          )}
        </discord-messages>
      </div>
      ${renderComposer({
        placeId: place.id,
        placeName: `${place.look === "text" ? "#" : ""}${place.name}`,
        isForum: place.look === "forum",
        own: state.own,
        surroundings,
        tell,
      })}
    </main>
  `;
}

interface Place {
  readonly id: string;
  readonly name: string;
  readonly look: "text" | "forum" | "thread" | "direct";
  readonly topic: string;
  readonly channelId: string;
}

function findPlace(id: string | null, surroundings: Surroundings): Place | null {
  const { channels, threads } = surroundings;
  const channel = channels.find((one) => one.id === id);
  if (channel !== undefined) {
    const tags = channel.tags.map(({ name }) => name).join(", ");
    const topic = channel.kind === "text" ? "" : `Posts are threads${tags === "" ? "" : ` · tags: ${tags}`}`;
    return {
      id: channel.id,
      name: channel.name,
      look: channel.kind === "text" ? "text" : "forum",
      topic,
      channelId: channel.id,
    };
  }
  const thread = threads.find((one) => one.id === id);
  if (thread === undefined) return findDirect(id, surroundings);
  const parent = channels.find((one) => one.id === thread.parentId);
  const topic = [`in #${parent?.name ?? ""}`, thread.archived ? "archived" : "", thread.locked ? "locked" : ""];
  return {
    id: thread.id,
    name: thread.name,
    look: "thread",
    topic: topic.filter(Boolean).join(" · "),
    channelId: thread.parentId,
  };
}

/** A conversation is called after the bot. */
function findDirect(id: string | null, { directs, bots, people }: Surroundings): Place | null {
  const direct = directs.find((one) => one.id === id);
  if (direct === undefined) return null;
  const name = bots.find((bot) => bot.id === direct.applicationId)?.name ?? "";
  const who = people.find((one) => one.id === direct.userId)?.name ?? "";
  return { id: direct.id, name, look: "direct", topic: `with ${who}`, channelId: direct.id };
}

function renderIntro(place: Place, { webhooks }: Surroundings): TemplateResult {
  const own = webhooks.filter(({ channelId }) => channelId === place.channelId);
  const query = place.look === "thread" ? `?thread_id=${place.id}` : "";
  return html`
    <div class="intro">
      <div class="sign">${icon(place.look)}</div>
      <h1>Welcome to ${place.look === "text" ? "#" : ""}${place.name}!</h1>
      <p>${
        place.look === "direct"
          ? `What is said here only ${place.name} hears.`
          : html`This is the start of ${place.look === "text" ? html`the #${place.name} channel` : place.name}. Send a message to
        ${own.length === 1 ? "its webhook" : "one of its webhooks"}, or write one below.`
      }</p>
      ${own.length === 0 && place.look !== "direct" ? html`<p class="hint">No webhook leads here.</p>` : nothing}
      ${own.map(
        ({ name, url }) => html`
          <div class="hook"><b>${name}</b><code title=${url + query}>${url}${query}</code>
            <button class="tool" title="Copy this webhook's URL" @click=${() => navigator.clipboard.writeText(url + query)}>${icon("copy")}</button>
          </div>
        `,
      )}
    </div>
  `;
}

interface Context {
  readonly state: PageState;
  readonly surroundings: Surroundings;
  readonly tell: Tell;
}

/** What a forum shows in place of messages: its threads, the newest first. */
function renderPosts(forumId: string, { state, surroundings, tell }: Context): TemplateResult {
  const posts = surroundings.threads.filter(({ parentId }) => parentId === forumId).toReversed();
  const tagName = (id: string) => surroundings.channels.flatMap(({ tags }) => tags).find((tag) => tag.id === id)?.name;
  return html`
    <div class="posts">
      ${posts.map(({ id, name, appliedTags }) => {
        const messages = state.messages.get(id) ?? [];
        const [first] = messages;
        const excerpt = first?.content || first?.embeds[0]?.title || "";
        return html`
          <button @click=${() => tell({ kind: "select", placeId: id })}>
            <span>${appliedTags.map((tag) => html`<i>${tagName(tag)}</i>`)}</span>
            <b>${name}</b>
            <small>${first === undefined ? "" : `${first.username}: `}${excerpt}</small>
            <small>${messages.length} ${messages.length === 1 ? "message" : "messages"}</small>
          </button>
        `;
      })}
    </div>
  `;
}

function renderDay(before: StoredMessage | undefined, { createdAt }: StoredMessage): TemplateResult | typeof nothing {
  const day = dayOf(createdAt);
  if (before !== undefined && dayOf(before.createdAt) === day) return nothing;
  return html`<div class="day"><span>${day}</span></div>`;
}

function continues(before: StoredMessage | undefined, message: StoredMessage): boolean {
  return (
    before !== undefined &&
    before.author.id === message.author.id &&
    before.username === message.username &&
    before.visibleTo === message.visibleTo &&
    message.replyTo === null &&
    message.cause === null &&
    before.avatarUrl === message.avatarUrl &&
    message.createdAt - before.createdAt < GROUP_MS &&
    dayOf(before.createdAt) === dayOf(message.createdAt)
  );
}

function namesOf({ channels, threads, people, bots, roles }: Surroundings): Names {
  const nameIn = (all: readonly { id: string; name: string }[]) => (id: string) =>
    all.find((one) => one.id === id)?.name;
  return { channel: nameIn([...channels, ...threads]), user: nameIn([...people, ...bots]), role: nameIn(roles) };
}
