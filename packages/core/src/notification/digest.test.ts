import { describe, expect, it } from "vitest";
import { aNotification } from "../../testing/notifications.ts";
import { extendDigest, hasRoom, MAX_LINES, startDigest } from "./digest.ts";
import type { NotificationId } from "./notification.ts";

const START = Date.UTC(2026, 2, 1, 10);
const context = { id: "ntf_digest" as NotificationId, now: START + 240_000, key: "digest:a" };
const list = (digest: ReturnType<typeof startDigest>) => new TextDecoder().decode(digest.files[0]!.data);
const alert = (n: number, more = {}) =>
  aNotification({ title: `Alert ${n}`, createdAt: START + n * 1_000, type: "error", severity: "error", ...more });

describe("digest", () => {
  it("tells how many of what, the first and the last, and lists them all", () => {
    const digest = startDigest(
      [alert(1), alert(2, { type: "security", severity: "warning" }), alert(3, { message: "disk\nfull" })],
      context,
    );
    expect(digest).toMatchObject({ title: "3 alerts within 4 min", severity: "error", color: 0xe67e22, count: 1 });
    expect(digest.fields.map(({ name, value }) => `${name} ${value}`)).toEqual([
      "Severity error ×2, warning ×1",
      "Type error ×2, security ×1",
      "First 2026-03-01T10:00:01Z  error  Alert 1",
      "Last 2026-03-01T10:00:03Z  error  Alert 3: disk full",
    ]);
    expect(list(digest).split("\n")).toHaveLength(4);
  });

  it("grows while it waits, and keeps the worst severity, the highest priority and all pings", () => {
    const first = startDigest([alert(1, { severity: "warning", priority: 10, mentions: ["@here"] })], context);
    const later = extendDigest(
      first,
      [alert(2, { mentions: ["user:1"] }), alert(3, { priority: 20 })],
      START + 600_000,
    );
    expect(later).toMatchObject({
      title: "3 alerts within 10 min",
      severity: "error",
      priority: 20,
      mentions: ["@here", "user:1"],
    });
    expect(list(later)).toMatch(/Alert 1\n.*Alert 2\n.*Alert 3\n$/s);
  });

  it("counts what one stands for", () => {
    expect(startDigest([alert(1)], context)).toMatchObject({ title: "1 alert within 4 min" });
    expect(startDigest([alert(1, { count: 37 })], context)).toMatchObject({ title: "37 alerts within 4 min" });
  });

  it("counts an end as what is over, and says of each line whether it begins or ends", () => {
    const begun = Array.from({ length: 1_000 }, (_, n) => alert(n, { key: `${n}`, phase: "firing" }));
    const digest = startDigest([...begun, alert(7, { key: "7", phase: "resolved" })], context);
    const [severity, , , last] = digest.fields.map(({ value }) => value);
    expect(severity).toBe("error ×1,000, over ×1");
    expect(last).toBe("2026-03-01T10:00:07Z  error  Alert 7  resolved");
  });

  it("is full at its bound, and only digests have room", () => {
    const digest = startDigest([alert(1)], context);
    expect(hasRoom(digest, MAX_LINES - 1)).toBe(true);
    expect(hasRoom(digest, MAX_LINES)).toBe(false);
    expect(hasRoom(alert(1), 1)).toBe(false);
  });
});
