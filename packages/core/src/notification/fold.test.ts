import { describe, expect, it } from "vitest";
import { aNotification } from "../../testing/notifications.ts";
import { foldNotifications } from "./fold.ts";

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);
const disk = (time: string, more = {}) =>
  aNotification({ key: "disk", title: "Disk full", createdAt: at(time), ...more });

describe("foldNotifications", () => {
  it("counts repeats and remembers when the first was", () => {
    const two = foldNotifications(disk("10:00"), disk("10:01", { title: "Disk 96 % full" }))!;
    const three = foldNotifications(two, disk("10:02"))!;
    expect(two).toMatchObject({ title: "Disk 96 % full", count: 2, firstAt: at("10:00") });
    expect(three).toMatchObject({ title: "Disk full", count: 3, firstAt: at("10:00") });
  });

  it("keeps the pings of both and the higher priority", () => {
    const folded = foldNotifications(
      disk("10:00", { mentions: ["@here"], priority: 30 }),
      disk("10:01", { mentions: ["user:1"], priority: 10 }),
    );
    expect(folded).toMatchObject({ mentions: ["@here", "user:1"], priority: 30 });
  });

  it.each([
    ["10:00", "10:00:42", "Was firing for 42 s, over since 10:00 UTC."],
    ["10:00", "10:12", "Was firing for 12 min, over since 10:12 UTC."],
    ["10:00", "11:05", "Was firing for 1 h 5 min, over since 11:05 UTC."],
    ["10:00", "12:00", "Was firing for 2 h, over since 12:00 UTC."],
  ])("tells a matter that began at %s and ended at %s before anyone knew: %s", (from, to, story) => {
    const folded = foldNotifications(
      disk(from, { phase: "firing" }),
      disk(to, { phase: "resolved", message: "All well." }),
    );
    expect(folded).toMatchObject({ phase: null, count: 1, message: `${story}\nAll well.` });
  });

  it("says how often it was reported", () => {
    const firing = foldNotifications(disk("10:00", { phase: "firing" }), disk("10:01", { phase: "firing" }))!;
    expect(foldNotifications(firing, disk("10:12", { phase: "resolved" }))!.message).toBe(
      "Was firing for 12 min, reported 2 times, over since 10:12 UTC.",
    );
  });

  it("does not fold a new beginning into an end that is still untold", () => {
    expect(foldNotifications(disk("10:00", { phase: "resolved" }), disk("10:01", { phase: "firing" }))).toBe(null);
  });

  it("does not mix what must not be sent twice with what may", () => {
    expect(foldNotifications(disk("10:00", { atMostOnce: true }), disk("10:01"))).toBe(null);
  });
});
