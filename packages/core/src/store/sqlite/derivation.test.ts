import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { createDerivation } from "./derivation.ts";

/** Something that follows `written` items, and takes `tookMs` for each batch. */
function setUp({ tookMs = 5, fail = false } = {}) {
  const clock = createVirtualClock({ startAt: 0 });
  const state = {
    written: 0,
    ahead: 0,
    upTo: 0,
    fail,
    batches: [] as number[],
    housekept: [] as number[],
    problems: [] as unknown[],
  };
  const following = {
    get upTo() {
      return state.upTo;
    },
    fill(limit: number) {
      if (state.fail) throw new Error("no");
      state.batches.push(clock.now());
      const taken = Math.min(limit, state.written - state.upTo);
      state.upTo += taken;
      return taken;
    },
  };
  const derivation = createDerivation({
    clock,
    transaction: async (work) => {
      await clock.sleep(tookMs);
      return work();
    },
    derived: [following],
    ahead: () => state.ahead,
    before: () => false,
    housekeeping(now) {
      state.housekept.push(now);
      return clock.sleep(tookMs);
    },
    onProblem: (error) => state.problems.push(error),
  });
  const write = (count: number) => {
    state.written += count;
    derivation.written();
  };
  return { clock, state, derivation, following, write };
}

describe("derivation", () => {
  it("rests until something is written, follows a little later, and rests again", async () => {
    const { clock, state, write } = setUp();
    expect(clock.pending).toBe(0);
    write(10);
    write(10);
    await clock.advance(10_000);
    expect(state).toMatchObject({ upTo: 20, batches: [255], housekept: [255] });
    expect(clock.pending).toBe(0);
  });

  it("leaves the machine to a burst until that is over, or has become long", async () => {
    const { clock, state, write } = setUp();
    write(10);
    for (const ahead of [2_001, 4_002]) {
      state.ahead = ahead;
      await clock.advance(250);
    }
    expect(state.batches).toEqual([]);
    // 2,000 more in a quarter of a second are none.
    state.ahead = 6_002;
    await clock.advance(300);
    expect(state.batches).toEqual([755]);

    write(10);
    state.ahead = 24_999;
    await clock.advance(250);
    state.ahead = 28_000;
    await clock.advance(300);
    expect(state.batches).toHaveLength(2);
  });

  it("goes on at once while nobody writes", async () => {
    const { clock, state, write } = setUp();
    write(600);
    await clock.advance(10_000);
    // The first batch does not know yet; the others follow each other with a pause as long as a batch.
    expect(state.batches).toEqual([255, 355, 365, 375]);
    expect(state.upTo).toBe(600);
  });

  it("keeps out of the way while somebody writes: a twentieth of the time", async () => {
    const { clock, state, write } = setUp();
    for (let n = 0; n < 1_000; n++) {
      write(1_000);
      await clock.advance(1);
    }
    expect(state.batches).toEqual([255, 355, 455, 555, 655, 755, 855, 955]);
  });

  it("takes a fifth of the time once it is far behind", async () => {
    const { clock, state, write } = setUp();
    write(1_000_000);
    for (let n = 0; n < 30_000; n++) {
      write(1);
      await clock.advance(1);
    }
    const last = state.batches.slice(-3);
    expect([last[1]! - last[0]!, last[2]! - last[1]!]).toEqual([25, 25]);
  });

  it("follows what is written while it keeps house", async () => {
    const { clock, state, write } = setUp();
    write(1);
    await clock.advance(257);
    expect([state.upTo, state.housekept]).toEqual([1, [255]]);
    write(1);
    await clock.advance(10_000);
    expect(state).toMatchObject({ upTo: 2, batches: [255, 515] });
  });

  it("says what failed, and tries again after the next write", async () => {
    const { clock, state, write } = setUp({ fail: true });
    write(1);
    await clock.advance(10_000);
    expect([state.problems.length, state.upTo, clock.pending]).toEqual([1, 0, 0]);
    state.fail = false;
    write(1);
    await clock.advance(10_000);
    expect([state.problems.length, state.upTo]).toEqual([1, 2]);
  });

  it("catches up as far as it is asked to, and not for ever", async () => {
    const { clock, state, derivation, following } = setUp({ tookMs: 0 });
    state.written = 2_500;
    const done = derivation.catchUp(following, 2_000);
    await clock.advance(1);
    await done;
    expect(state.upTo).toBe(2_000);
    const beyond = derivation.catchUp(following, 9_999);
    await clock.advance(1);
    await beyond;
    expect(state.upTo).toBe(2_500);
  });

  it("holds no timer once it is stopped", async () => {
    const { clock, state, derivation, write } = setUp();
    write(1);
    derivation.stop();
    write(1);
    await clock.advance(10_000);
    expect([clock.pending, state.batches]).toEqual([0, []]);
  });
});
