import { describe, expect, it } from "vitest";
import { createBanGuard } from "./ban-guard.ts";

const policy = { windowMs: 1_000, slowAtCount: 4, stopAtCount: 8, minBanMs: 5_000 };

function afterInvalid(count: number) {
  const guard = createBanGuard(policy);
  for (let i = 0; i < count; i++) guard.countInvalid(i * 10);
  return guard;
}

describe("ban guard", () => {
  it("is free below the first mark", () => {
    expect(afterInvalid(3).nextAt(30)).toEqual({ at: 0, because: "free" });
  });

  it("spreads the rest of the allowance over the rest of the window once it slows", () => {
    // Four at 0 to 30; four left until 1,000: one each 242.5 ms after the last.
    expect(afterInvalid(4).nextAt(30)).toEqual({ at: 30 + (1_000 - 30) / 4, because: "slowed" });
  });

  it("stops at the second mark until enough have left the window", () => {
    expect(afterInvalid(8).nextAt(80)).toEqual({ at: 1_000, because: "stopped" });
    expect(afterInvalid(10).nextAt(100)).toEqual({ at: 1_020, because: "stopped" });
  });

  it("is free again when they have left", () => {
    expect(afterInvalid(8).nextAt(1_050)).toEqual({ at: 0, because: "free" });
  });

  it("keeps still for at least its minimum after a ban, and for longer when told so", () => {
    const guard = createBanGuard(policy);
    expect(guard.ban(null, 100)).toBe(5_100);
    expect(guard.ban(60_000, 200)).toBe(60_200);
    expect(guard.ban(1, 300)).toBe(60_200);
    expect(guard.nextAt(60_199)).toEqual({ at: 60_200, because: "banned" });
    expect(guard.nextAt(60_200)).toEqual({ at: 0, because: "free" });
  });

  it("takes up a ban that was known before a restart", () => {
    const guard = createBanGuard(policy);
    guard.restore(9_000);
    expect(guard.nextAt(0)).toEqual({ at: 9_000, because: "banned" });
  });

  it("stays far below Discord's 10,000 in ten minutes by default, whatever the answers are", () => {
    const guard = createBanGuard();
    let now = 0;
    let sent = 0;
    while (now < 600_000) {
      now = Math.max(now + 1, guard.nextAt(now).at);
      guard.countInvalid(now);
      sent++;
    }
    expect(sent).toBeLessThanOrEqual(5_001);
  });
});
