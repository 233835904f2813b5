import { describe, expect, it } from "vitest";
import { createVirtualClock } from "../../../testing/virtual-clock.ts";
import { createDiscordTransport } from "./transport.ts";

describe("createDiscordTransport", () => {
  const clock = createVirtualClock();

  it("names every bad option in one error", () => {
    const attempt = () => createDiscordTransport({ clock, timeoutMs: 0, connections: 1.5, userAgent: "a\r\nb" });
    expect(attempt).toThrow(/^CONFIG_DISCORD_TRANSPORT: timeoutMs .* got 0; connections .* got 1\.5; userAgent /);
  });

  it.each([{ timeoutMs: Number.NaN }, { timeoutMs: Number.POSITIVE_INFINITY }, { connections: 0 }, { userAgent: " " }])(
    "takes no option that would fail later: %o",
    (option) => {
      expect(() => createDiscordTransport({ clock, ...option })).toThrow("CONFIG_DISCORD_TRANSPORT");
    },
  );

  it("keeps a request whose connection never comes no longer than its deadline, and leaves no timer", async () => {
    const transport = createDiscordTransport({ clock, timeoutMs: 3_000 });
    const wire = { method: "GET", origin: "http://discord.invalid", path: "/", body: null } as const;
    const { reply } = transport.start(wire);
    expect((await reply).kind).toBe("no-answer");
    expect(clock.pending).toBe(0);
    await transport.close();
    expect(await transport.start(wire).reply).toMatchObject({ kind: "no-answer", cause: "closed", written: false });
  });
});
