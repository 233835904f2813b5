import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { errorNotification } from "./error.ts";
import { accept, embedOf, inline, payloadOf, timestamp } from "./payload.fixture.ts";

function caught(message: string, stack: string, cause?: unknown): Error {
  return Object.assign(new TypeError(message, { cause }), { stack });
}

// D2
describe("errorNotification", () => {
  const error = caught(
    "a_csv is *empty*",
    "TypeError: a_csv is *empty*\n    at read (a.ts:1:2)\n    at main (b.ts:3:4)",
  );

  it("has the details, the stack in a code block, and where it happened", () => {
    expect(payloadOf(errorNotification({ details: "The import stopped.", error, service: "import" }))).toEqual({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: "TypeError",
          description:
            "The import stopped.\n```\nTypeError: a_csv is *empty*\n    at read (a.ts:1:2)\n    at main (b.ts:3:4)\n```",
          color: 0xe67e22,
          fields: [inline("Service", "import"), inline("Error", "TypeError: a_csv is \\*empty\\*")],
          footer: { text: "shop Error Alert" },
          timestamp,
        },
      ],
    });
  });

  it("takes an error alone, and says its name and message", () => {
    expect(embedOf(errorNotification(error))).toMatchObject({
      title: "TypeError",
      description: expect.stringMatching(/^a_csv is \\\*empty\\\*\n```\nTypeError: a_csv is \*empty\*\n {4}at read/),
    });
    expect(accept(errorNotification(error))).toMatchObject({ type: "error", severity: "error", fields: [] });
  });

  it("shows a traceback of whatever language, with a title and fields of one's own", () => {
    const traceback = 'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nZeroDivisionError';
    const input = errorNotification({ title: "Report failed", details: "Tuesday's", traceback, fields: { run: 7 } });
    expect(embedOf(input)).toMatchObject({
      title: "Report failed",
      description: `Tuesday's\n\`\`\`\n${traceback}\n\`\`\``,
      fields: [inline("run", "7")],
    });
  });

  it("tells what caused it", () => {
    const root = caught("refused", "Error: refused\n    at connect");
    const { description } = embedOf(
      errorNotification(caught("no database", "TypeError: no database\n    at boot", root)),
    );
    expect(description).toBe(
      "no database\n```\nTypeError: no database\n    at boot\nCaused by: Error: refused\n    at connect\n```",
    );
  });

  it("ends with causes that go round in a circle", () => {
    const circle = new Error("round");
    circle.cause = circle;
    expect(errorNotification(circle).blocks?.[0]?.text?.match(/Caused by/g)).toHaveLength(3);
  });

  it("shows first and last frames of a long stack, and says how many are left out", () => {
    const frames = Array.from({ length: 500 }, (_, n) => `    at frame${n} (file.ts:${n})`);
    const { description } = embedOf(errorNotification(caught("deep", ["Error: deep", ...frames].join("\n"))));
    expect(description).toMatch(
      /^deep\n```\nError: deep\n {4}at frame0 [\s\S]*\n… \d+ lines left out …\n[\s\S]* at frame499 \(file\.ts:499\)\n```$/,
    );
    expect(description!.length).toBeLessThan(3_100);
    const shown = description!.match(/at frame/g)!.length;
    expect(Number(/… (\d+) lines/.exec(description!)![1])).toBe(500 - shown);
  });

  it.each([
    { name: "a text", thrown: "boom", shown: { title: "Error", description: "boom" } },
    { name: "nothing", thrown: undefined, shown: { title: "Error" } },
    { name: "an object", thrown: { code: 7 }, shown: { title: "Error", description: '{"code": 7}' } },
    {
      name: "an error of another realm",
      thrown: runInNewContext('Object.assign(new RangeError("far"), { stack: "RangeError: far" })'),
      shown: { title: "RangeError", description: "far\n```\nRangeError: far\n```" },
    },
    {
      name: "an error that cannot be read",
      thrown: Object.defineProperty(new Error("x"), "stack", {
        get: () => {
          throw new Error("no");
        },
      }),
      shown: { title: "Error", description: "x\n```\n[unreadable]\n```" },
    },
  ])("never throws, whatever was thrown: $name", ({ thrown, shown }) => {
    expect(embedOf(errorNotification({ error: thrown }))).toMatchObject(shown);
  });

  it("stays out of the stack's way with its own fence", () => {
    const { description } = embedOf(errorNotification({ details: "x", traceback: "a\n```\n@everyone **b**" }));
    expect(description).toBe("x\n```\na\n`\u200b`\u200b`\n@everyone **b**\n```");
  });
});
