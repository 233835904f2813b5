import { describe, expect, it } from "vitest";
import { aNotification } from "../../testing/notifications.ts";
import { ENDED_LABEL, overOf, overText, resolvedForm } from "./recovery.ts";

const at = (time: string) => Date.parse(`2026-03-01T${time}Z`);

describe("overText", () => {
  it.each([
    ["10:00", "10:00:42", "Was down 42 s, back since 10:00 UTC."],
    ["10:00", "10:12", "Was down 12 min, back since 10:12 UTC."],
    ["10:00", "11:05", "Was down 1 h 5 min, back since 11:05 UTC."],
    ["10:00", "12:00", "Was down 2 h, back since 12:00 UTC."],
  ])("tells of a matter from %s to %s: %s", (from, to, text) => {
    expect(overText({ since: at(from), until: at(to) })).toBe(text);
  });

  it("leaves out what is said beside it, and says of nothing that it is back that only was ended", () => {
    const over = { since: at("10:00"), until: at("10:12") };
    expect(overText({ ...over, isSaid: true })).toBe("Back since 10:12 UTC.");
    expect(overText({ ...over, isEnded: true })).toBe("Over since 10:12 UTC, after 12 min.");
    expect(overText({ ...over, isEnded: true, isSaid: true })).toBe("Over since 10:12 UTC.");
  });
});

describe("overOf", () => {
  it("counts from the first report, by the times that both name", () => {
    const firing = aNotification({ createdAt: at("10:05"), timestamp: at("10:04"), firstAt: at("10:00") });
    const resolved = aNotification({ createdAt: at("10:31"), timestamp: at("10:30") });
    expect(overOf(firing, resolved)).toEqual({ since: at("10:00"), until: at("10:30") });
    expect(overOf({ ...firing, firstAt: null }, { ...resolved, timestamp: null })).toEqual({
      since: at("10:04"),
      until: at("10:31"),
    });
  });

  it.each([
    ["10:12", "API recovered after 12 minutes", true],
    ["11:05", "API was resolved by Ann after 1 hour 5 minutes", true],
    ["10:12", "It took 12 min.", true],
    ["10:02", "API recovered after 12 minutes", undefined],
    ["10:12", "Runs again", undefined],
    ["10:12", null, undefined],
  ])("knows whether an end at %s that says %j says for how long it was", (to, message, isSaid) => {
    const firing = aNotification({ timestamp: at("10:00"), message: "No answer for 12 minutes" });
    expect(overOf(firing, aNotification({ timestamp: at(to), message })).isSaid).toBe(isSaid);
  });

  it("knows an end that is no recovery", () => {
    const firing = aNotification({ timestamp: at("10:00") });
    expect(overOf(firing, aNotification({ labels: { [ENDED_LABEL]: "1" } })).isEnded).toBe(true);
    expect(overOf(firing, aNotification({ labels: { device: "a" } })).isEnded).toBeUndefined();
  });

  it("never ends before it began, whatever clocks say", () => {
    const firing = aNotification({ timestamp: at("10:04") });
    expect(overOf(firing, aNotification({ timestamp: at("10:00") }))).toEqual({
      since: at("10:04"),
      until: at("10:04"),
    });
  });
});

describe("resolvedForm", () => {
  const firing = aNotification({
    title: "Down",
    message: "No answer",
    color: 0xff0000,
    fields: [{ name: "Host", value: "a", inline: true }],
    timestamp: at("10:00"),
    phase: "firing",
    key: "db",
  });

  it("keeps the facts and says that it is over", () => {
    const form = resolvedForm(firing, aNotification({ title: "Up", message: "Answers", timestamp: at("10:12") }));
    expect(form).toEqual({
      ...firing,
      phase: "resolved",
      title: "Resolved: Down",
      message: "Answers\nNo answer",
      color: null,
      over: { since: at("10:00"), until: at("10:12") },
    });
  });

  it("does not let text pass for markdown", () => {
    const up = aNotification({ message: "**Up** after 12 min", format: "markdown", timestamp: at("10:12") });
    const form = resolvedForm(firing, up);
    expect(form).toMatchObject({ message: "No answer", format: "text" });
    expect(form.over).toEqual({ since: at("10:00"), until: at("10:12") });
  });

  it("has a title and no text where the beginning had neither", () => {
    const form = resolvedForm(aNotification({ title: null, message: null }), aNotification());
    expect(form).toMatchObject({ title: "Resolved", message: null });
  });
});
