import { expect, it } from "vitest";
import { CAST } from "../greenhouse/cast.ts";
import { createTally } from "../greenhouse/tally.ts";
import { createReplay } from "./replay.ts";
import { readStation } from "./weather.ts";

const DAY_MS = 86_400_000;

it.each([
  // Four years with a leap day, day by day.
  { station: "seattle", points: 1_461, first: { lowest_temperature: 5, highest_temperature: 12.8 } },
  { station: "new-york", points: 1_461, first: { lowest_temperature: 3.3, highest_temperature: 10 } },
  // A year without its first hour, hour by hour.
  { station: "seattle-hourly", points: 8_759, first: { temperature: 4, air_pressure: 1_016.6, wind_speed: 3.8 } },
] as const)("the weather of $station is whole and in order", async ({ station, points, first }) => {
  const series = await readStation(station);
  expect(series).toHaveLength(points);
  expect(series[0]?.values).toMatchObject(first);
  expect(series.every(({ values }) => Object.values(values).every(Number.isFinite))).toBe(true);
  expect(series.every(({ at }, index) => index === 0 || at > series[index - 1]!.at)).toBe(true);
});

it.each(CAST)("$plantName's limits are crossed within ten days of the replay", async (member) => {
  const replay = createReplay(await readStation(member.station), Date.parse(member.from));
  const tally = createTally();
  for (const point of replay.advance(10 * DAY_MS)) tally.sent(member, point, point.at);
  expect(tally.firstBeyondAt).not.toBeNull();
});
