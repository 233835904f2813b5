import { describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import type { SendRequest } from "../../delivery/channel.ts";
import { createConsoleChannel } from "./console-channel.ts";

function requestOf(...titles: readonly [string, ...string[]]): SendRequest {
  const [first, ...rest] = titles.map((title) => aNotification({ title }));
  return { notifications: [first!, ...rest], attempt: 1, degrade: [], now: 0 };
}

describe("createConsoleChannel", () => {
  it("writes each notification once, in order", async () => {
    const written: string[] = [];
    const channel = createConsoleChannel({ write: (text) => written.push(text) });
    await channel.send(requestOf("first", "second"));
    expect(written).toEqual(["[info] general: first", "[info] general: second"]);
  });

  it("lets no text from outside move the cursor or pose as a line", async () => {
    const written: string[] = [];
    const channel = createConsoleChannel({ write: (text) => written.push(text) });
    await channel.send(requestOf("red \u001b[31m\r\n[critical] general: forged"));
    for (const control of ["\u001b", "\r", "\n"]) expect(written[0]).not.toContain(control);
  });

  it.each([
    [
      "thrown",
      () => {
        throw Object.assign(new Error("write EPIPE"), { code: "EPIPE" });
      },
    ],
    ["rejected", () => Promise.reject(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }))],
  ])("reports a pipe that nobody reads any more as unavailable: %s", async (_, write) => {
    const outcome = await createConsoleChannel({ write }).send(requestOf("x"));
    expect(outcome).toMatchObject({ kind: "unavailable", error: { code: "console", message: /nobody reads/ } });
  });
});
