/** Instants by hand: in 2026 Berlin puts its clocks forward on 29 March at 01:00 UTC and back on 25 October at 01:00 UTC. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSchedule, neverEnds } from "./schedule.ts";
import { readTimeWindow } from "./time-window.ts";

function windowOf(text: string) {
  const read = readTimeWindow(text, "UTC");
  return read.ok ? read.window : expect.fail(read.problem);
}

const scheduleOf = (...texts: string[]) => createSchedule(texts.map(windowOf));
const utc = (text: string) => Date.parse(`${text}Z`);

describe.each([
  { text: "22:00-07:00 Europe/Berlin", opens: "2026-01-10T21:00", closes: "2026-01-11T06:00", why: "winter" },
  { text: "22:00-07:00 Europe/Berlin", opens: "2026-07-10T20:00", closes: "2026-07-11T05:00", why: "summer" },
  { text: "22:00-07:00 Europe/Berlin", opens: "2026-03-28T21:00", closes: "2026-03-29T05:00", why: "8 hours long" },
  { text: "22:00-07:00 Europe/Berlin", opens: "2026-10-24T20:00", closes: "2026-10-25T06:00", why: "10 hours long" },
  {
    text: "02:30-04:00 Europe/Berlin",
    opens: "2026-03-29T01:00",
    closes: "2026-03-29T02:00",
    why: "begins when skipped",
  },
  {
    text: "01:00-02:30 Europe/Berlin",
    opens: "2026-03-29T00:00",
    closes: "2026-03-29T01:00",
    why: "ends when skipped",
  },
  { text: "02:30-04:00 Europe/Berlin", opens: "2026-10-25T00:30", closes: "2026-10-25T03:00", why: "first of two" },
  { text: "22:00-02:30 Europe/Berlin", opens: "2026-10-24T20:00", closes: "2026-10-25T00:30", why: "first of two" },
  { text: "sun 01:00-05:00 America/New_York", opens: "2026-03-08T06:00", closes: "2026-03-08T09:00", why: "forward" },
  { text: "sun 01:00-05:00 America/New_York", opens: "2026-11-01T05:00", closes: "2026-11-01T10:00", why: "back" },
  {
    text: "01:00-02:00 Australia/Lord_Howe",
    opens: "2026-04-04T14:00",
    closes: "2026-04-04T15:30",
    why: "half an hour back",
  },
  { text: "fri 22:00-07:00", opens: "2026-01-09T22:00", closes: "2026-01-10T07:00", why: "past midnight, of friday" },
  { text: "mon-fri 08:00-18:00", opens: "2026-01-09T08:00", closes: "2026-01-09T18:00", why: "a friday" },
  { text: "sat,sun", opens: "2026-01-10T00:00", closes: "2026-01-12T00:00", why: "two days as one" },
  { text: "fri-mon 00:00-24:00", opens: "2026-01-09T00:00", closes: "2026-01-13T00:00", why: "over the end of a week" },
])("$text ($why)", ({ text, opens, closes }) => {
  it(`is closed before ${opens}, open until ${closes}, and closed then`, () => {
    const schedule = scheduleOf(text);
    expect(schedule.at(utc(opens) - 1)).toMatchObject({ isOpen: false, until: utc(opens) });
    expect(schedule.at(utc(opens))).toMatchObject({ isOpen: true, until: utc(closes) });
    expect(schedule.at(utc(closes) - 1)).toMatchObject({ isOpen: true, until: utc(closes) });
    expect(schedule.at(utc(closes))).toMatchObject({ isOpen: false });
  });
});

describe("a schedule", () => {
  it("stays open while clocks that are put back show an hour again", () => {
    expect(scheduleOf("02:30-04:00 Europe/Berlin").at(utc("2026-10-25T01:15"))).toMatchObject({ isOpen: true });
    expect(scheduleOf("22:00-02:30 Europe/Berlin").at(utc("2026-10-25T01:15"))).toMatchObject({ isOpen: false });
  });

  it("leaves out a window that no clock shows", () => {
    const schedule = scheduleOf("02:15-02:45 Europe/Berlin");
    expect(schedule.at(utc("2026-03-29T00:59"))).toMatchObject({ isOpen: false, until: utc("2026-03-30T00:15") });
  });

  it("joins windows that follow each other, in whatever zones", () => {
    const schedule = scheduleOf("mon-fri 22:00-24:00", "tue-sat 00:00-06:00", "07:00-08:00 Europe/Berlin");
    expect(schedule.at(utc("2026-01-05T23:00"))).toMatchObject({ isOpen: true, until: utc("2026-01-06T07:00") });
  });

  it("of windows that leave nothing out never ends", () => {
    expect(neverEnds([windowOf("mon-fri"), windowOf("sat,sun 00:00-12:00"), windowOf("12:00-24:00")])).toBe(true);
    expect(neverEnds([windowOf("mon-fri"), windowOf("sat,sun 00:00-12:00")])).toBe(false);
    expect(neverEnds([])).toBe(false);
  });

  it("without windows is closed", () => {
    expect(scheduleOf().at(utc("2026-01-05T23:00")).isOpen).toBe(false);
  });

  const zone = fc.constantFrom(
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Apia",
  );
  const hours = fc.uniqueArray(fc.integer({ min: 0, max: 1_439 }), { minLength: 2, maxLength: 2 });
  const instant = fc.integer({ min: utc("2011-12-28T00:00"), max: utc("2030-01-01T00:00") });
  const clock = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

  it("and the one of the other hours share all time between them, and change together", () => {
    fc.assert(
      fc.property(zone, hours, instant, (...[name, [from = 0, to = 0], at]) => {
        const day = scheduleOf(`${clock(from)}-${clock(to)} ${name}`).at(at);
        const night = scheduleOf(`${clock(to)}-${clock(from)} ${name}`).at(at);
        expect(day.isOpen).toBe(!night.isOpen);
        expect(day.until).toBe(night.until);
        expect(day.until).toBeGreaterThan(at);
      }),
      { numRuns: 300 },
    );
  });

  it("answers the same, whatever it was asked before", () => {
    const instants = fc.array(instant, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(zone, hours, instants, (...[name, [from = 0, to = 0], asked]) => {
        const text = `mon-fri ${clock(from)}-${clock(to)} ${name}`;
        const schedule = scheduleOf(text);
        for (const at of asked) expect(schedule.at(at).isOpen).toBe(scheduleOf(text).at(at).isOpen);
      }),
      { numRuns: 100 },
    );
  });
});
