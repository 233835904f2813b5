import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import type { Reply } from "./exchange.ts";
import { createHttpTransport } from "./transport.ts";

describe("createHttpTransport", () => {
  const clock = createVirtualClock();

  it("names every bad option in one error", () => {
    const attempt = () => createHttpTransport({ clock, timeoutMs: 0, connections: 1.5 });
    expect(attempt).toThrow(/^CONFIG_HTTP_TRANSPORT: timeoutMs .* got 0; connections .* got 1\.5/);
  });

  it.each([{ timeoutMs: Number.NaN }, { timeoutMs: Number.POSITIVE_INFINITY }, { connections: 0 }])(
    "takes no option that would fail later: %o",
    (option) => {
      expect(() => createHttpTransport({ clock, ...option })).toThrow("CONFIG_HTTP_TRANSPORT");
    },
  );

  it("keeps a request whose connection never comes no longer than its deadline, and leaves no timer", async () => {
    const transport = createHttpTransport({ clock, timeoutMs: 3_000 });
    const wire = { method: "GET", origin: "http://discord.invalid", path: "/", headers: [], body: null } as const;
    const reply = (): Promise<Reply> => new Promise((tell) => void transport.start(wire, tell));
    expect((await reply()).kind).toBe("no-answer");
    expect(clock.pending).toBe(0);
    await transport.close();
    expect(await reply()).toMatchObject({ kind: "no-answer", cause: "closed", written: false });
  });
});
