import { describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import { forumPost } from "./forum-post.ts";

const name = (overrides: Parameters<typeof aNotification>[0]) =>
  forumPost(aNotification(overrides), [], []).thread_name;

describe("the name of a post", () => {
  it("is the title, else the first text that there is, on one line", () => {
    expect(name({ title: "Disk full", message: "x" })).toBe("Disk full");
    expect(name({ title: " ", message: "no space\nleft" })).toBe("no space left");
    expect(name({ title: null, message: null, content: "look" })).toBe("look");
    expect(name({ title: null, type: "shop" })).toBe("This alert (shop) came without any text.");
  });

  it("has 100 characters at most, counted as Discord does", () => {
    expect([...name({ title: "🌵".repeat(100) })]).toHaveLength(100);
    expect([...name({ title: "🌵".repeat(300) })].length).toBeLessThanOrEqual(100);
  });
});

describe("the tags of a post", () => {
  const tags = [
    { of: "critical", id: "1" },
    { of: "shop", id: "2" },
    { of: null, id: "3" },
    { of: "critical", id: "3" },
  ];

  it("are those of its severity, of its type and of all, each once", () => {
    const post = (overrides: Parameters<typeof aNotification>[0]) => forumPost(aNotification(overrides), tags, []);
    expect(post({ severity: "critical", type: "shop" }).applied_tags).toEqual(["1", "2", "3"]);
    expect(post({ severity: "info" }).applied_tags).toEqual(["3"]);
  });

  it("are five at most, and none once they were refused", () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ of: null, id: String(n) }));
    expect(forumPost(aNotification(), many, []).applied_tags).toHaveLength(5);
    expect(forumPost(aNotification(), many, ["without-tags"])).not.toHaveProperty("applied_tags");
    expect(forumPost(aNotification(), [], [])).not.toHaveProperty("applied_tags");
  });
});
