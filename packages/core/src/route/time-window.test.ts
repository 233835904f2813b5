import { describe, expect, it } from "vitest";
import { readTimeWindow } from "./time-window.ts";

describe("a time window", () => {
  it.each([
    { text: "22:00-07:00", days: 7, from: 1_320, to: 1_860, zone: "Europe/Berlin" },
    { text: "mon-fri 08:00-18:30", days: 5, from: 480, to: 1_110, zone: "Europe/Berlin" },
    { text: "Monday - Friday 8:00 – 18:30 UTC", days: 5, from: 480, to: 1_110, zone: "UTC" },
    { text: "sat, sun", days: 2, from: 0, to: 1_440, zone: "Europe/Berlin" },
    { text: "fri-sun,tue Etc/GMT-3", days: 4, from: 0, to: 1_440, zone: "Etc/GMT-3" },
    { text: "00:00-24:00", days: 7, from: 0, to: 1_440, zone: "Europe/Berlin" },
  ])("$text", ({ text, days, from, to, zone }) => {
    const read = readTimeWindow(text, "Europe/Berlin");
    expect(read).toMatchObject({ ok: true, window: { from, to, zone: { name: zone } } });
    expect(read.ok && read.window.days.size).toBe(days);
  });

  it.each([
    { text: "", says: /write days, times or both/ },
    { text: "night", says: /write days, times or both/ },
    { text: "mon-fry 08:00-18:00", says: /write days, times or both/ },
    { text: "08:00-18:00 UTC later", says: /write days, times or both/ },
    { text: "08:00-08:00", says: /times go from 00:00 to 24:00, and the end is another/ },
    { text: "08:00-25:00", says: /times go from 00:00 to 24:00/ },
    { text: "08:60-09:00", says: /times go from 00:00 to 24:00/ },
    { text: "24:00-08:00", says: /times go from 00:00 to 24:00/ },
    { text: "08:00-18:00 Europe/Berlim", says: /no time zone "Europe\/Berlim": write an IANA name/ },
  ])("$text cannot be read, and says what to write", ({ text, says }) => {
    const read = readTimeWindow(text, "UTC");
    expect(read.ok ? "" : read.problem).toMatch(says);
  });
});
