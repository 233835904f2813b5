import { describe, expect, it } from "vitest";
import { planOf } from "../settings/plan.ts";
import { type Course, expectedBy } from "./expectations.ts";
import { summarise } from "./summary.ts";
import { type Facts, judge } from "./verdict.ts";

const NO_TROUBLE = { rateLimited: 0, refused: 0, faults: 0 };

/** Two alerts of the server told and one held back, three notifications of the shop: all five in Discord. */
function facts(parts: Partial<Facts> = {}): Facts {
  return {
    ranMs: 60_000,
    finished: true,
    readings: { sent: 1_200, acknowledged: 1_200 },
    kept: {
      readings: 1_200,
      alerts: [
        { kind: "threshold", plantName: "Fig tree", delivery: "delivered", count: 1 },
        { kind: "threshold", plantName: "Fig tree", delivery: "not-sent", count: 1 },
        { kind: "offline", plantName: "Rose bed", delivery: "delivered", count: 1 },
      ],
    },
    told: new Map([
      ["Import failed", 1],
      ["Order 1", 2],
    ]),
    unsent: 0,
    failed: 0,
    discord: { titles: arrived(), messages: 4, embeds: 5, ...NO_TROUBLE },
    expected: ["threshold alert", "offline alert", "application error"],
    ...parts,
  };
}

function arrived(change: Readonly<Record<string, number>> = {}): Map<string, number> {
  const titles = { "Plant Alert: Fig tree": 1, "Device Offline": 1, "Import failed": 1, "Order 1": 2, ...change };
  return new Map(Object.entries(titles).filter(([, count]) => count > 0));
}

const withTitles = (change: Readonly<Record<string, number>>): Facts["discord"] => ({
  ...facts().discord,
  titles: arrived(change),
});

describe("the verdict", () => {
  it("finds nothing wrong when all has arrived once", () => {
    expect(judge(facts())).toEqual({
      lost: 0,
      repeated: 0,
      arrived: { "threshold alert": 1, "offline alert": 1, "application error": 1 },
      heldBack: 1,
      queued: 0,
      failed: 0,
      problems: [],
    });
  });

  it("misses what was said by the shop or the server and is not in Discord", () => {
    const { lost, problems } = judge(facts({ discord: withTitles({ "Order 1": 1, "Device Offline": 0 }) }));
    expect(lost).toBe(2);
    expect(problems).toEqual(["No offline alert has arrived.", "Lost on the way to Discord: 2."]);
  });

  it.each([
    { finished: true, problems: ["Not sent when the time was up: 2."] },
    { finished: false, problems: [] },
  ])("does not call lost what is still queued (finished: $finished)", ({ finished, problems }) => {
    const kept = {
      ...facts().kept,
      alerts: [{ kind: "offline", plantName: null, delivery: "queued", count: 1 }],
    } as const;
    const discord = withTitles({ "Order 1": 1, "Device Offline": 0, "Plant Alert: Fig tree": 0 });
    const verdict = judge(facts({ finished, unsent: 1, kept, discord, expected: [] }));
    expect(verdict).toMatchObject({ lost: 0, queued: 2, problems });
  });

  it("does not call lost what was given up and reported", () => {
    const kept = {
      ...facts().kept,
      alerts: [{ kind: "offline", plantName: null, delivery: "failed", count: 1 }],
    } as const;
    const discord = withTitles({ "Order 1": 1, "Device Offline": 0, "Plant Alert: Fig tree": 0 });
    const verdict = judge(facts({ failed: 1, kept, discord, expected: [] }));
    expect(verdict).toMatchObject({ lost: 0, failed: 2, problems: ["Given up: 2."] });
  });

  it("does not miss what was folded into something newer", () => {
    const folded = { kind: "offline", plantName: null, delivery: "folded", count: 3 } as const;
    const kept = { ...facts().kept, alerts: [...facts().kept.alerts, folded] };
    expect(judge(facts({ kept })).problems).toEqual([]);
  });

  it("counts what came twice, unless an answer was lost on purpose", () => {
    const twice = withTitles({ "Plant Alert: Fig tree": 2 });
    expect(judge(facts({ discord: twice }))).toMatchObject({ repeated: 1, problems: ["Sent more than once: 1."] });
    expect(judge(facts({ discord: { ...twice, faults: 1 } }))).toMatchObject({ repeated: 1, problems: [] });
  });

  it.each([
    [{ rateLimited: 2 }, "Requests that Discord refused as too many: 2."],
    [{ refused: 1 }, "Requests that Discord refused for other reasons: 1."],
  ])("reports refusals", (trouble, problem) => {
    expect(judge(facts({ discord: { ...facts().discord, ...trouble } })).problems).toEqual([problem]);
  });

  it("reports readings that were acknowledged and are not stored", () => {
    const kept = { ...facts().kept, readings: 1_199 };
    expect(judge(facts({ kept })).problems).toEqual(["Acknowledged readings that are not in the database: 1."]);
  });
});

describe("what is expected", () => {
  // Half the usual pace: offline after 3 s, looked at each 0.5 s.
  const plan = planOf({ forMs: 28_000, measuredMsPerSecond: null, color: false, freePorts: false });
  const course: Course = { finished: false, endedAt: 20_000, silentSince: null, failedAt: null, beyondAt: null };

  it("is everything after a whole run, but for threshold alerts where no limit was crossed", () => {
    expect(expectedBy({ ...course, finished: true }, plan)).toEqual(["offline alert", "application error"]);
    expect(expectedBy({ ...course, finished: true, beyondAt: 18_000 }, plan)).toContain("threshold alert");
  });

  it.each([
    [{ failedAt: 18_001 }, []],
    [{ failedAt: 18_000 }, ["application error"]],
    [{ beyondAt: 18_000 }, ["threshold alert"]],
    // 3 s of silence, two looks of 0.5 s, and 2 s to arrive.
    [{ silentSince: 14_001 }, []],
    [{ silentSince: 14_000 }, ["offline alert"]],
  ])("is what was due when it is ended early (%j)", (happened, expected) => {
    expect(expectedBy({ ...course, ...happened }, plan)).toEqual(expected);
  });
});

describe("the summary", () => {
  it("says it all in five rows", () => {
    const { title, rows, closing } = summarise(facts(), judge(facts()));
    expect(title).toBe("Summary after 1 min");
    expect(rows).toEqual([
      ["readings", "sent over MQTT: 1,200, acknowledged: 1,200, stored: 1,200"],
      ["alerts", "threshold: 1, offline: 1, held back by the cooldown: 1"],
      ["web shop", "notifications: 3, errors among them: 1"],
      ["Discord", "messages: 4, notices in them: 5, 429s: 0"],
      ["delivery", "lost: 0, twice: 0"],
    ]);
    expect(closing).toBe("All that was expected has arrived.");
  });

  it("mentions what is out of the ordinary", () => {
    const odd = facts({
      finished: false,
      unsent: 1,
      discord: { ...withTitles({ "Order 1": 1 }), faults: 2, rateLimited: 1 },
    });
    const { rows, closing } = summarise(odd, judge(odd));
    expect(rows[3]?.[1]).toBe("messages: 4, notices in them: 5, 429s: 1, failed on purpose: 2");
    expect(rows[4]?.[1]).toBe("lost: 0, twice: 0, not sent yet: 1");
    expect(closing).toBe("Requests that Discord refused as too many: 1.");
  });
});
