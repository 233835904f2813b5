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

  it("tells a matter that began and ended before anyone knew as one that is over", () => {
    const folded = foldNotifications(
      disk("10:00", { phase: "firing" }),
      disk("10:12", { phase: "resolved", message: "All well." }),
    );
    const over = { since: at("10:00"), until: at("10:12") };
    expect(folded).toMatchObject({ phase: null, count: 1, over, message: "All well." });
  });

  it("says how often it was reported", () => {
    const firing = foldNotifications(disk("10:00", { phase: "firing" }), disk("10:01", { phase: "firing" }))!;
    expect(foldNotifications(firing, disk("10:12", { phase: "resolved" }))!.message).toBe("Reported 2 times.");
  });

  it("does not fold a new beginning into an end that is still untold", () => {
    expect(foldNotifications(disk("10:00", { phase: "resolved" }), disk("10:01", { phase: "firing" }))).toBe(null);
  });

  it("does not mix what must not be sent twice with what may", () => {
    expect(foldNotifications(disk("10:00", { atMostOnce: true }), disk("10:01"))).toBe(null);
  });
});
