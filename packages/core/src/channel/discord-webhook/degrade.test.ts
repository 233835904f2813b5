import { describe, expect, it } from "vitest";
import type { DegradeStep } from "../../delivery/channel.ts";
import { parseApiError } from "./api-error.ts";
import { culpritsOf, nextDegradeStep } from "./degrade.ts";

const leaf = { _errors: [{ code: "X", message: "no" }] };
const form = (errors: unknown) => ({ code: 50035, message: "Invalid Form Body", errors });

function next(
  body: unknown,
  { status = 400, degrade = [] as DegradeStep[], hasFiles = false } = {},
): DegradeStep | null {
  return nextDegradeStep(status, parseApiError(Buffer.from(JSON.stringify(body))), { degrade, hasFiles });
}

describe("nextDegradeStep", () => {
  it.each<[string, unknown, DegradeStep]>([
    ["the name", form({ username: leaf }), "without-username"],
    ["the picture", form({ avatar_url: leaf }), "without-username"],
    ["an embed's link", form({ embeds: { 0: { url: leaf } } }), "without-links"],
    ["an author's picture", form({ embeds: { 3: { author: { icon_url: leaf } } } }), "without-links"],
    ["an image", form({ embeds: { 0: { image: { url: leaf } } } }), "without-links"],
    ["a thumbnail as a whole", form({ embeds: { 0: { thumbnail: leaf } } }), "without-links"],
    ["an attachment", form({ attachments: { 0: { filename: leaf } } }), "without-files"],
    ["a file of the form", form({ "files[0]": leaf }), "without-files"],
    ["a field", form({ embeds: { 0: { fields: { 0: { value: leaf } } } } }), "text-only"],
    ["the sum over all embeds", form({ embeds: leaf }), "text-only"],
    ["the whole", form(leaf), "text-only"],
    ["version 6, a name", { username: ["Username cannot contain discord"] }, "without-username"],
    ["version 6, an embed", { embeds: ["0"] }, "text-only"],
    ["no reason at all", { code: 50035, message: "Invalid Form Body" }, "text-only"],
    ["a harmful link", { code: 240000, message: "no" }, "without-links"],
    ["AutoMod", { code: 200000, message: "no" }, "text-only"],
  ])("leaves out what Discord objects to: %s", (_, body, step) => {
    expect(next(body)).toBe(step);
  });

  it("goes on from the mildest to the plainest, and then ends", () => {
    const body = form({ username: leaf, embeds: { 0: { url: leaf } }, attachments: leaf });
    const taken: DegradeStep[] = [];
    for (let step = next(body); step !== null; step = next(body, { degrade: taken })) taken.push(step);
    expect(taken).toEqual(["without-username", "without-links", "without-files", "text-only"]);
  });

  it("does not try without links what has to go without embeds anyway", () => {
    expect(next(form({ embeds: { 0: { url: leaf, title: leaf } } }))).toBe("text-only");
  });

  it.each([
    ["413", {}, 413],
    ["code 40005", { code: 40005 }, 413],
    ["code 400001", { code: 400001 }, 400],
    ["code 50045", { code: 50045 }, 400],
  ])("leaves files out when they are too much: %s", (_, body, status) => {
    expect(next(body, { status, hasFiles: true })).toBe("without-files");
    expect(next(body, { status, hasFiles: true, degrade: ["without-files"] })).toBe("text-only");
    expect(next(body, { status, hasFiles: false })).toBe("text-only");
  });

  it("survives a tree that is deep, wide and hostile", () => {
    const deep = `{"code":50035,"errors":${'{"a":'.repeat(200_000)}1${"}".repeat(200_000)}}`;
    expect(nextDegradeStep(400, parseApiError(Buffer.from(deep)), { degrade: [], hasFiles: false })).toBe("text-only");
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, leaf]));
    expect(parseApiError(Buffer.from(JSON.stringify(form(wide))))?.fields).toHaveLength(50);
    expect(next(form({ __proto__: leaf, constructor: leaf, list: Array(100_000).fill(null) }))).toBe("text-only");
  });
});

describe("culpritsOf", () => {
  const culprits = (body: unknown, embeds = 10) =>
    culpritsOf(400, parseApiError(Buffer.from(JSON.stringify(body))), { embeds, degrade: [], hasFiles: false });

  it("names each embed that Discord names, with the step that this one needs", () => {
    const tree = form({ embeds: { 3: { image: { url: leaf } }, 7: { title: leaf, url: leaf } } });
    expect(culprits(tree)).toEqual([
      { index: 3, degradeBy: "without-links" },
      { index: 7, degradeBy: "text-only" },
    ]);
  });

  it.each([
    ["the sum over all embeds", form({ embeds: leaf })],
    ["an embed and their sum", form({ embeds: { 3: leaf, ...leaf } })],
    ["an embed and the sender's name", form({ embeds: { 3: leaf }, username: leaf })],
    ["the text above them", form({ content: leaf })],
    ["an embed that is not there", form({ embeds: { 10: leaf } })],
    ["a number that is none", form({ embeds: { "1e0": leaf, "-1": leaf } })],
    ["nothing", form({})],
    ["a harmful link", { code: 240000, message: "no" }],
    ["no JSON", "no"],
  ])("names none when Discord names %s", (_, body) => {
    expect(culprits(body)).toEqual([]);
  });

  it("names none where embeds and notifications do not match one by one", () => {
    expect(culprits(form({ embeds: { 0: leaf } }), 0)).toEqual([]);
  });
});
