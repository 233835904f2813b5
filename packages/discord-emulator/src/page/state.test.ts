import { describe, expect, it } from "vitest";
import type { News, Surroundings } from "../view/protocol.ts";
import type { StoredMessage } from "../world/message.ts";
import { INITIAL_STATE, type PageState, step } from "./state.ts";

const NO_PINGS = { everyone: false, here: false, users: [], roles: [] };

function message(id: string, channelId: string, more: Partial<StoredMessage> = {}): StoredMessage {
  return { id, channelId, content: id, pings: NO_PINGS, ...more } as StoredMessage;
}

function news(more: Partial<News> = {}): News {
  const counters = { requests: 0 } as News["counters"];
  return { created: [], edited: [], deleted: [], counts: {}, requests: [], counters, ...more };
}

function surroundings(...ids: string[]): Surroundings {
  return {
    channels: ids.map((id) => ({ id, name: id })),
    threads: [],
    directs: [],
    webhooks: [],
  } as unknown as Surroundings;
}

function started(): PageState {
  return step(INITIAL_STATE, { kind: "start", surroundings: surroundings("a", "b"), news: news() });
}

const texts = (state: PageState, id: string) => state.messages.get(id)?.map(({ content }) => content) ?? [];

describe("the state of the page", () => {
  it("looks at the first channel, or at the one the address bar names", () => {
    expect(started().placeId).toBe("a");
    const requested = step(INITIAL_STATE, { kind: "select", placeId: "b" });
    expect(step(requested, { kind: "start", surroundings: surroundings("a", "b"), news: news() }).placeId).toBe("b");
    const mistaken = step(INITIAL_STATE, { kind: "select", placeId: "z" });
    expect(step(mistaken, { kind: "start", surroundings: surroundings("a", "b"), news: news() }).placeId).toBe("a");
  });

  it("looks at a place that is still to come as soon as it is there", () => {
    const requested = step(started(), { kind: "select", placeId: "c" });
    expect(requested.placeId).toBe("a");
    const there = step(requested, { kind: "surroundings", surroundings: surroundings("a", "b", "c") });
    expect([there.placeId, there.requestedId]).toEqual(["c", null]);
  });

  it("adds what is created, puts edits in their place, and drops what is deleted", () => {
    const created = [message("1", "a"), message("2", "a"), message("3", "a")];
    let state = step(started(), { kind: "news", news: news({ created, counts: { a: 3 } }) });
    state = step(state, {
      kind: "news",
      news: news({ edited: [message("2", "a", { content: "two" })], deleted: ["1"] }),
    });
    expect(texts(state, "a")).toEqual(["two", "3"]);
  });

  it("shows the edit of a message that came in the same batch", () => {
    const batch = news({
      created: [message("1", "a")],
      edited: [message("1", "a", { content: "one" })],
      counts: { a: 1 },
    });
    expect(texts(step(started(), { kind: "news", news: batch }), "a")).toEqual(["one"]);
  });

  it("counts as unread what comes elsewhere, and how much of it rang, until it is looked at", () => {
    const created = [message("1", "b"), message("2", "b", { pings: { ...NO_PINGS, here: true } }), message("3", "a")];
    let state = step(started(), { kind: "news", news: news({ created, counts: { a: 1, b: 250 } }) });
    expect([...state.unread]).toEqual([["b", { messages: 250, pings: 1 }]]);
    state = step(state, { kind: "select", placeId: "b" });
    expect([...state.unread]).toEqual([]);
  });

  it("holds the newest 200 messages of a channel and the newest 40 requests", () => {
    const created = Array.from({ length: 150 }, (_, at) => message(String(at), "a"));
    const requests = Array.from({ length: 30 }, (_, at) => ({ receivedAt: at }) as News["requests"][number]);
    const twice = step(step(started(), { kind: "news", news: news({ created, requests }) }), {
      kind: "news",
      news: news({ created, requests }),
    });
    expect(texts(twice, "a")).toHaveLength(200);
    expect(twice.requests).toHaveLength(40);
  });

  it("starts anew when the emulator does, and says when it is lost", () => {
    let state = step(started(), {
      kind: "news",
      news: news({ created: [message("1", "a"), message("2", "b")], counts: { a: 1, b: 1 } }),
    });
    state = step(state, { kind: "lost" });
    expect(state.connection).toBe("lost");
    state = step(state, { kind: "start", surroundings: surroundings("c"), news: news() });
    expect(state).toMatchObject({ connection: "live", placeId: "c", requests: [] });
    expect([state.messages.size, state.unread.size]).toEqual([0, 0]);
  });
});
