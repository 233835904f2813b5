import { describe, expect, it } from "vitest";
import { aNotification } from "../../testing/notifications.ts";
import type { Notification } from "../notification/notification.ts";
import { summarise } from "./summary.ts";

/** 07:00 in Berlin, on the morning after its clocks went forward. */
const MORNING = Date.UTC(2026, 2, 29, 5);
const NIGHT = Date.UTC(2026, 2, 28, 21, 14);
const MINUTE = 60_000;

let made = 0;
function held(about: Partial<Notification>): Notification {
  made++;
  return aNotification({ id: `ntf_${made}`, createdAt: NIGHT + made * MINUTE, timestamp: NIGHT, ...about });
}

const firing = (key: string, about: Partial<Notification> = {}) =>
  held({ key, phase: "firing", title: `${key} is down`, ...about });
const resolved = (key: string) => held({ key, phase: "resolved", title: `${key} is back` });
const summary = (...all: Notification[]) => summarise(all, { id: "ntf_sum", now: MORNING, timeZone: "Europe/Berlin" });

describe("the summary of quiet hours", () => {
  it("tells how many fired, recovered and are open, and since when", () => {
    const { notification, open, over } = summary(
      firing("fan"),
      resolved("fan"),
      firing("gw-7", { severity: "error", type: "network", mentions: ["@here"], priority: 20 }),
      resolved("disk"),
      firing("pump", { severity: "warning" }),
    );
    expect(notification).toMatchObject({
      id: "ntf_sum",
      title: "While it was quiet: 3 fired, 2 recovered, 2 still open",
      message:
        "Still open (times of Europe/Berlin):\n• gw-7 is down (error), since 28 Mar, 22:14\n• pump is down (warning), since 28 Mar, 22:14\n" +
        "Over by now:\n• fan is back, 28 Mar, 22:14\n• disk is back, 28 Mar, 22:14",
      type: "network",
      severity: "error",
      priority: 20,
      mentions: ["@here"],
      key: null,
      phase: null,
    });
    expect(open).toEqual(["gw-7", "pump"]);
    expect(over).toEqual(["fan", "disk"]);
  });

  it("counts each time that something flaps, and tells its last state", () => {
    const { notification, open } = summary(firing("fan"), resolved("fan"), firing("fan"));
    expect(notification.title).toBe("While it was quiet: 2 fired, 1 recovered, 1 still open");
    expect(open).toEqual(["fan"]);
  });

  it("counts what is no alert as messages, repeats included", () => {
    expect(summary(held({ count: 3 })).notification).toMatchObject({
      title: "While it was quiet: 3 messages",
      message: expect.stringMatching(/^Said meanwhile \(times of Europe\/Berlin\):\n• .* ×3, 28 Mar, 22:14$/),
      severity: "info",
      type: "general",
    });
    expect(summary(held({}), firing("fan")).notification.title).toBe(
      "While it was quiet: 1 fired, 0 recovered, 1 still open, 1 message",
    );
  });

  it("lists everything in an attached file", () => {
    const [file] = summary(firing("fan"), resolved("fan"), held({ title: "Backup", message: "done" })).notification
      .files;
    const lines = new TextDecoder().decode(file?.data).trim().split("\n");
    expect(file?.name).toBe("alerts.txt");
    expect(lines.map((line) => line.replace(/^\S+ {2}/, ""))).toEqual([
      "info  fan is down  firing",
      "info  fan is back  resolved",
      "info  Backup: done",
    ]);
  });

  it("shortens a list of many that are open, and says so", () => {
    const { notification, open } = summary(...Array.from({ length: 20 }, (_, index) => firing(`device ${index}`)));
    expect(notification.message?.split("\n")).toHaveLength(17);
    expect(notification.message).toContain("… and 5 more, in the attached list");
    expect(open).toHaveLength(20);
    const { message } = summary(
      ...Array.from({ length: 14 }, (_, index) => firing(`${index}`)),
      resolved("x"),
      resolved("y"),
    ).notification;
    expect(message?.split("\n").slice(-3)).toEqual([
      "Over by now:",
      "• x is back, 28 Mar, 22:14",
      "… and 1 more, in the attached list",
    ]);
  });
});
