import { expect, it } from "vitest";
import { planOf } from "../settings/plan.ts";
import { introduce } from "./introduction.ts";

const addresses = { emulator: "http://127.0.0.1:8090", http: "http://127.0.0.1:8000", mqtt: "mqtt://127.0.0.1:1883" };
const planFor = (forMs: number | null) => planOf({ forMs, measuredMsPerSecond: null, color: false, freePorts: false });
const textOf = (taken: readonly number[], forMs: number | null = null): string =>
  introduce({ ...addresses, taken }, planFor(forMs))
    .map(([name, text]) => `${name}: ${text}`)
    .join("\n");

it("names the addresses so that they can be clicked, the speed-up, and what is shortened", () => {
  const text = textOf([]);
  expect(text).toMatch(/^Discord: http:\/\/127\.0\.0\.1:8090 /);
  expect(text).toContain("Bot: choose #monitoring there: say status");
  expect(text).toContain("http://127.0.0.1:8000/openapi.json ");
  expect(text).toContain("http://127.0.0.1:8000/health ");
  expect(text).toContain("1 s = 1 day of measurements");
  expect(text).toContain("offline after 6 s of silence (usually 180 s)");
  expect(text).toMatch(/End: Ctrl-C$/);
  expect(text).not.toContain("Ports");
});

it("says when it ends by itself", () => {
  expect(textOf([], 28_000)).toMatch(/End: by itself after 28 s, or Ctrl-C$/);
  expect(textOf([], 28_000)).toContain("offline after 3 s of silence");
});

it("says which ports were taken by others", () => {
  expect(textOf([8_000])).toContain("Ports: 8000 is in use by another program, so a free one was taken");
  expect(textOf([8_000, 1_883])).toContain(
    "Ports: 8000 and 1883 are in use by other programs, so free ones were taken",
  );
  expect(textOf([8_090, 8_000, 1_883])).toContain("Ports: 8090, 8000 and 1883 are in use by other programs");
});
