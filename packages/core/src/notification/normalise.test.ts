import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normaliseNotification } from "./normalise.ts";
import type { Notification } from "./notification.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const normalise = (input: unknown): Notification => normaliseNotification(input, { id: "ntf_1", now: NOW });

describe("a usual notification", () => {
  it("is complete, with every default", () => {
    expect(
      normalise({ type: "error", title: "Import failed", message: "a.csv is empty", fields: { file: "a.csv" } }),
    ).toEqual({
      id: "ntf_1",
      createdAt: NOW,
      type: "error",
      severity: "error",
      title: "Import failed",
      message: "a.csv is empty",
      fields: [{ name: "file", value: "a.csv", inline: true }],
      blocks: null,
      labels: null,
      mentions: [],
      content: null,
      url: null,
      color: null,
      footer: undefined,
      author: null,
      thumbnail: null,
      image: null,
      timestamp: NOW,
      files: [],
      destination: null,
      key: null,
      phase: null,
      over: null,
      routing: null,
      actions: null,
      count: 1,
      firstAt: null,
      idempotencyKey: null,
      priority: 20,
      expiresAt: null,
      quietHours: null,
      atMostOnce: false,
      format: "text",
    });
  });

  it("keeps nothing that the caller could still change", () => {
    const data = Buffer.from("abc");
    const input = {
      fields: [{ name: "a", value: { b: 1 } }],
      labels: { c: "d" },
      mentions: ["@here"],
      files: [{ name: "x", data }],
    };
    const notification = normalise(input);
    data.fill(0);
    input.fields[0]!.value.b = 2;
    input.labels.c = "changed";
    input.mentions.push("@everyone");
    expect(notification.fields[0]!.value).toBe('{"b": 1}');
    expect(notification.labels).toEqual({ c: "d" });
    expect(notification.mentions).toEqual(["@here"]);
    expect(Buffer.from(notification.files[0]!.data).toString()).toBe("abc");
  });
});

describe("each value", () => {
  it.each([
    { type: " My-Type ", is: "my-type" },
    { type: "", is: "general" },
    { type: 5, is: "general" },
    { type: "x".repeat(100), is: "x".repeat(64) },
  ])("type $type is $is", ({ type, is }) => {
    expect(normalise({ type }).type).toBe(is);
  });

  it.each([
    { type: "critical", severity: undefined, is: "critical", priority: 30 },
    { type: "security", severity: "loud", is: "error", priority: 20 },
    { type: "monitoring", severity: 3, is: "info", priority: 0 },
    { type: "monitoring", severity: " WARNING ", is: "warning", priority: 10 },
  ])("severity $severity of $type is $is", ({ type, severity, is, priority }) => {
    expect(normalise({ type, severity })).toMatchObject({ severity: is, priority });
  });

  it.each([
    { color: 0xff0000, is: 0xff0000 },
    { color: 0, is: 0 },
    { color: "#ff0000", is: 0xff0000 },
    { color: "#F00", is: 0xff0000 },
    { color: "0xff0000", is: 0xff0000 },
    { color: "10233776", is: 10_233_776 },
    { color: 255n, is: 255 },
    { color: 0x1000000, is: null },
    { color: -1, is: null },
    { color: 1.5, is: null },
    { color: Number.NaN, is: null },
    { color: "red", is: null },
    { color: {}, is: null },
  ])("colour $color is $is", ({ color, is }) => {
    expect(normalise({ color }).color).toBe(is);
  });

  it.each([
    { timestamp: undefined, is: NOW },
    { timestamp: null, is: null },
    { timestamp: new Date(5), is: 5 },
    { timestamp: "2026-01-02T03:04:05Z", is: NOW },
    { timestamp: 1_000, is: 1_000 },
    { timestamp: "1000", is: 1_000 },
    { timestamp: new Date(Number.NaN), is: null },
    { timestamp: "yesterday", is: null },
    { timestamp: 9e15, is: null },
    { timestamp: Number.POSITIVE_INFINITY, is: null },
    { timestamp: {}, is: null },
  ])("timestamp $timestamp is $is", ({ timestamp, is }) => {
    expect(normalise({ timestamp }).timestamp).toBe(is);
  });

  it.each([
    { value: 15.2, is: "15.2" },
    { value: null, is: "null" },
    { value: true, is: "true" },
    { value: Number.NaN, is: "NaN" },
    { value: 12n, is: "12" },
    { value: 10n ** 400n, is: "[a very large integer]" },
    { value: Symbol("s"), is: "Symbol(s)" },
    { value: function work() {}, is: "[function work]" },
    { value: new Date(0), is: "1970-01-01T00:00:00.000Z" },
    { value: new Date(Number.NaN), is: "Invalid Date" },
    { value: new TypeError("no", { cause: new Error("disk") }), is: "TypeError: no (cause: Error: disk)" },
    { value: new URL("https://a.example/b"), is: "https://a.example/b" },
    { value: new Uint8Array(3), is: "[3 bytes]" },
    { value: ["a", 1, null], is: '["a", 1, null]' },
    { value: new Map([["a", new Set([1])]]), is: '{"a": [1]}' },
    { value: { a: { b: { c: { d: { e: 1 } } } } }, is: '{"a": {"b": {"c": {"d": {…}}}}}' },
    { value: { toJSON: () => ({ x: 1 }) }, is: '{"x": 1}' },
  ])("a field's value is shown as $is", ({ value, is }) => {
    expect(normalise({ fields: { a: value } }).fields).toEqual([{ name: "a", value: is, inline: true }]);
  });

  it("fields may be a list, of which odd members are shown as well as they can be", () => {
    expect(
      normalise({ fields: [{ name: "a", value: 1, inline: false }, { value: 2 }, { name: 3 }, "x"] }).fields,
    ).toEqual([
      { name: "a", value: "1", inline: false },
      { name: "", value: "2", inline: true },
      { name: "3", value: "", inline: true },
      { name: "", value: "x", inline: true },
    ]);
  });

  it("mentions are understood in every form, each once, and others are left out", () => {
    const mentions = ["here", "@everyone", "<@1>", "<@!1>", "<@&2>", "user:3", "role:4", "5", 6n];
    const wrong = ["nobody", "<#1>", "<@0>", "user:9223372036854775808", "role:x", 7, null, {}];
    expect(normalise({ mentions: [...mentions, ...wrong] }).mentions).toEqual([
      ...["@here", "@everyone", "user:1", "role:2", "user:3", "role:4", "user:5", "user:6"],
    ]);
    expect(normalise({ mentions: "here" }).mentions).toEqual(["@here"]);
  });

  it.each([
    { footer: undefined, is: undefined },
    { footer: null, is: null },
    { footer: "", is: null },
    { footer: "me", is: { text: "me", iconUrl: null } },
    { footer: { text: 5, icon_url: "https://a.example/i.png" }, is: { text: "5", iconUrl: "https://a.example/i.png" } },
    { footer: {}, is: undefined },
  ])("footer $footer is $is", ({ footer, is }) => {
    expect(normalise({ footer }).footer).toEqual(is);
  });

  it.each([
    { name: "../../etc/passwd", is: "passwd" },
    { name: "C:\\logs\\a b.txt", is: "a b.txt" },
    { name: 'x"\r\ny?.txt', is: "x___y_.txt" },
    { name: "..", is: "file-1" },
    { name: undefined, is: "file-1" },
    { name: 5, is: "5" },
  ])("a file named $name becomes $is", ({ name, is }) => {
    expect(normalise({ files: [{ name, data: "x" }] }).files[0]!.name).toBe(is);
  });

  it("files without bytes are left out, and too many bytes become a note", () => {
    const [first, ...rest] = normalise({
      files: [null, { name: "a" }, { name: "b.bin", data: new Uint8Array(26_214_401) }],
    }).files;
    expect(rest).toEqual([]);
    expect(first!.name).toBe("b.bin.txt");
    expect(Buffer.from(first!.data).toString()).toBe(
      "b.bin was left out: 26,214,401 bytes are more than a notification can carry.\n",
    );
  });

  it.each([
    { priority: 7.9, is: 7 },
    { priority: 1e9, is: 1_000 },
    { priority: -1e9, is: -1_000 },
    { priority: "12", is: 12 },
    { priority: Number.NaN, is: 0 },
    { priority: "high", is: 0 },
  ])("priority $priority is $is", ({ priority, is }) => {
    expect(normalise({ priority }).priority).toBe(is);
  });

  it("a key that is too long is ignored, because a cut one could equal another", () => {
    expect(normalise({ key: "k".repeat(1_024) }).key).toBe("k".repeat(1_024));
    expect(normalise({ key: "k".repeat(1_025) }).key).toBeNull();
    expect(normalise({ key: 5 }).key).toBe("5");
  });
});

describe("an input that is no notification", () => {
  it.each([
    { input: undefined, title: null, message: null },
    { input: null, title: null, message: null },
    { input: "disk full", title: null, message: "disk full" },
    { input: 5, title: null, message: "5" },
    { input: [1, 2], title: null, message: "[1, 2]" },
    { input: new RangeError("too far"), title: "RangeError", message: "too far" },
  ])("$input is told as well as it can be", ({ input, title, message }) => {
    expect(normalise(input)).toMatchObject({ title, message });
  });

  it("a getter that throws costs only its own value", () => {
    const input = {
      title: "kept",
      get message(): string {
        throw new Error("no");
      },
      fields: {
        a: 1,
        get b(): string {
          throw new Error("no");
        },
      },
    };
    expect(normalise(input)).toMatchObject({
      title: "kept",
      message: null,
      fields: [
        { name: "a", value: "1" },
        { name: "b", value: "[unreadable]" },
      ],
    });
  });

  it("proxies that throw, lie or are revoked come through", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const liar = new Proxy({}, { get: () => liar, has: () => true, ownKeys: () => [] });
    expect(normalise(proxy)).toMatchObject({ title: null });
    expect(normalise({ title: "kept", fields: proxy, author: proxy, files: [proxy] }).title).toBe("kept");
    expect(normalise(liar).id).toBe("ntf_1");
  });

  it("cycles, depth, breadth and length are bounded", () => {
    const cycle: Record<string, unknown> = { a: 1 };
    cycle["self"] = cycle;
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, i]));
    const { title, message, fields } = normalise({
      title: "x".repeat(1_000_000),
      message: cycle,
      fields: { wide, ...wide },
    });
    expect(title).toHaveLength(100_000);
    expect(message).toBe('{"a": 1, "self": "[circular]"}');
    expect(fields).toHaveLength(1_001);
    expect(fields[0]!.value.length).toBeLessThan(1_000);
    expect(fields.at(-1)).toEqual({ name: "…", value: "4001 more fields", inline: false });
  });
});

it("reading a large object stops when enough is read", () => {
  let reads = 0;
  const leaf = {
    toJSON() {
      reads++;
      return "x".repeat(10);
    },
  };
  const row = Array.from({ length: 50 }, () => leaf);
  const cube = Array.from({ length: 50 }, () => Array.from({ length: 50 }, () => row));
  expect(normalise({ message: cube }).message!.length).toBeLessThanOrEqual(100_000);
  // 10,000 characters kept, at 14 for each leaf; there are 125,000 leaves.
  expect(reads).toBeLessThan(1_000);
});

describe("whatever comes", () => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withTypedArray: true,
    withSparseArray: true,
    withObjectString: true,
  });
  const input = fc.oneof(
    anything,
    fc.dictionary(fc.constantFrom(...Object.keys(normalise({}))), anything, { maxKeys: 25 }),
  );

  it("never throws, and every property has its type", () => {
    fc.assert(
      fc.property(input, (any) => {
        const it = normalise(any);
        for (const text of [
          it.title,
          it.message,
          it.content,
          it.url,
          it.thumbnail,
          it.image,
          it.key,
          it.idempotencyKey,
        ]) {
          expect(text === null || typeof text === "string").toBe(true);
        }
        for (const field of it.fields) {
          expect([typeof field.name, typeof field.value, typeof field.inline]).toEqual(["string", "string", "boolean"]);
        }
        for (const at of [it.timestamp, it.expiresAt]) expect(at === null || Number.isFinite(at)).toBe(true);
        expect(Number.isInteger(it.priority)).toBe(true);
        expect(it.color === null || (Number.isInteger(it.color) && it.color >= 0 && it.color <= 0xffffff)).toBe(true);
        expect(Object.values(it.labels ?? {}).every((label) => typeof label === "string")).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
