import { expect, it } from "vitest";
import { createManualClock } from "../time/clock.ts";
import { createChance, createSnowflakes, createToken, DISCORD_EPOCH_AT } from "./identity.ts";

it("makes snowflakes of 17 to 19 digits that hold their instant", () => {
  const clock = createManualClock(Date.UTC(2026, 0, 1));
  const id = createSnowflakes(clock)();
  expect(id).toMatch(/^\d{17,19}$/);
  expect(Number(BigInt(id) >> 22n) + DISCORD_EPOCH_AT).toBe(Date.UTC(2026, 0, 1));
});

it("makes snowflakes that grow, within one millisecond and even when the clock goes back", () => {
  const clock = createManualClock(Date.UTC(2026, 0, 1));
  const next = createSnowflakes(clock);
  let last = 0n;
  for (let made = 0; made < 10_000; made++) {
    if (made === 5_000) clock.advance(-60_000);
    const id = BigInt(next());
    expect(id).toBeGreaterThan(last);
    last = id;
  }
});

it("keeps 17 digits under a clock that starts at zero", () => {
  expect(createSnowflakes(createManualClock(0))()).toMatch(/^\d{17}$/);
});

it("makes tokens of 68 characters", () => {
  expect(createToken()).toMatch(/^[\w-]{68}$/);
  expect(createToken()).not.toBe(createToken());
});

it("draws the same row for the same seed, evenly enough", () => {
  const [one, two, other] = [createChance(7), createChance(7), createChance(8)];
  const row = Array.from({ length: 1_000 }, one);
  expect(Array.from({ length: 1_000 }, two)).toEqual(row);
  expect(Array.from({ length: 1_000 }, other)).not.toEqual(row);
  expect(row.filter((drawn) => drawn < 0.5).length).toBeGreaterThan(450);
  expect(row.filter((drawn) => drawn < 0.5).length).toBeLessThan(550);
});
