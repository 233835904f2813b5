import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { withLock } from "./lock.mjs";

describe("withLock", () => {
  it("lets the second wait for the first, and tells it who holds it", async () => {
    const root = randomUUID();
    const order: string[] = [];
    const held = Promise.withResolvers<void>();
    const first = withLock({ root, holder: "npm run demo", onWait: () => order.push("first waits") }, async () => {
      order.push("first begins");
      await held.promise;
      order.push("first ends");
    });
    const told = Promise.withResolvers<string>();
    const second = withLock({ root, holder: "npm test", onWait: told.resolve }, async () => order.push("second"));
    expect(await told.promise).toBe("npm run demo");
    held.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(["first begins", "first ends", "second"]);
  });

  it("is free again after a failure, and separate for each folder", async () => {
    const root = randomUUID();
    const options = { holder: "x", onWait: () => {} };
    await expect(withLock({ root, ...options }, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    const nested = withLock({ root, ...options }, () =>
      withLock({ root: randomUUID(), ...options }, async () => "both"),
    );
    expect(await nested).toBe("both");
  });
});
