import { expect, it } from "vitest";
import { storedMessageIds } from "./stored-message.ts";

it("takes no time to speak of over an answer made to be slow to search", () => {
  const hostile = Buffer.from(`{${'"id":"1","a":1,'.repeat(60_000)}"b":1}`);
  const startedAt = performance.now();
  expect(storedMessageIds(hostile)).toEqual({ id: "1", channelId: null });
  // Without the bound on what is searched it is a minute and more.
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
