import { describe, expect, it } from "vitest";
import { normaliseNotification } from "../notification/normalise.ts";
import { renderText } from "./text.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const text = (input: unknown): string => renderText(normaliseNotification(input, { id: "ntf_1", now: NOW }));

describe("renderText", () => {
  it("tells everything, most important first", () => {
    const input = {
      type: "security",
      title: "Login failed",
      message: "five times\nin a row",
      content: "look here",
      fields: { user: "root", from: "10.0.0.1" },
      url: "http://grafana:3000",
      author: { name: "sshd" },
      files: [{ name: "auth.log", data: "x".repeat(1_234) }],
    };
    expect(text(input).split("\n")).toEqual([
      "2026-01-02T03:04:05.000Z [error] security: Login failed",
      "  sshd",
      "  look here",
      "  five times",
      "  in a row",
      "  user: root",
      "  from: 10.0.0.1",
      "  http://grafana:3000",
      "  file: auth.log (1,234 bytes)",
    ]);
  });

  it("says so when there is nothing to tell", () => {
    expect(text({ timestamp: null })).toBe("[info] general: This alert (general) came without any text.");
  });

  it("cannot be made to look like another line or to move the cursor", () => {
    const forged = "ok\r\n2026-01-02T03:04:05.000Z [info] all is well\u001b[2J\u2028x\u202egnp";
    expect(text({ type: forged, title: forged, message: forged, fields: { [forged]: forged } }).split("\n")).toEqual([
      "2026-01-02T03:04:05.000Z [info] ok 2026-01-02t03:04:05.000z [info] all is well␛[2j x\ufffdgnp: ok 2026-01-02T03:04:05.000Z [info] all is well␛[2J x\ufffdgnp",
      "  ok",
      "  2026-01-02T03:04:05.000Z [info] all is well␛[2J",
      "  x\ufffdgnp",
      "  ok 2026-01-02T03:04:05.000Z [info] all is well␛[2J x\ufffdgnp: ok",
      "  2026-01-02T03:04:05.000Z [info] all is well␛[2J",
      "  x\ufffdgnp",
    ]);
  });

  it("tells how many notifications it stands for", () => {
    const one = normaliseNotification({ title: "Import failed", timestamp: null }, { id: "ntf_1", now: NOW });
    expect(renderText({ ...one, count: 37, firstAt: Date.UTC(2026, 0, 1, 14, 5) })).toBe(
      "[info] general: Import failed\n  37 times since 2026-01-01 14:05 UTC",
    );
  });
});
