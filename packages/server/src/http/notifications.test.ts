import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, type Named, type Page, startHttpHarness } from "../../testing/http-harness.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness();
});

afterAll(() => http[Symbol.asyncDispose]());

function post(body: unknown, headers: Readonly<Record<string, string>> = {}) {
  return http.call<Named>("POST", "/api/notifications", body, headers);
}

describe("POST /api/notifications", () => {
  it("is answered when it is in the database, and handed on in the library's words", async () => {
    const body = {
      type: "error",
      title: "Import failed",
      message: "a.csv is empty",
      fields: { file: "a.csv" },
      labels: { job: "import" },
      author: { name: "importer", icon_url: "https://example.com/i.png" },
      footer: { text: "night run", icon_url: "https://example.com/f.png" },
      key: "import-a",
      phase: "firing",
      at_most_once: true,
      files: [{ name: "a.csv", content_type: "text/csv", data: Buffer.from("x;y").toString("base64") }],
    };
    const { status, json, headers } = await post(body);
    expect([status, json]).toEqual([202, { id: expect.stringMatching(/^ntf_/) }]);
    expect(headers["location"]).toBe(`/api/notifications/${json.id}`);
    expect((await http.call("GET", `/api/notifications/${json.id}`)).json).toMatchObject({
      id: json.id,
      title: "Import failed",
      files: [{ name: "a.csv", content_type: "text/csv", size_bytes: 3 }],
    });
    await http.settle();
    expect(http.told().at(-1)).toMatchObject({
      id: json.id,
      type: "error",
      title: "Import failed",
      message: "a.csv is empty",
      fields: [{ name: "file", value: "a.csv" }],
      labels: { job: "import" },
      author: { name: "importer", iconUrl: "https://example.com/i.png" },
      footer: { text: "night run", iconUrl: "https://example.com/f.png" },
      key: "import-a",
      phase: "firing",
      atMostOnce: true,
      files: [{ name: "a.csv", contentType: "text/csv", data: new Uint8Array(Buffer.from("x;y")) }],
    });
  });

  it("takes long texts, which the library shortens, and files of 10 MiB", async () => {
    expect((await post({ title: "🌱".repeat(10_000) })).status).toBe(202);
    const data = Buffer.alloc(10 * 1_024 * 1_024, 7).toString("base64");
    expect((await post({ title: "Backup", files: [{ name: "b.bin", data }] })).status).toBe(202);
    expect((await post({ title: "x".repeat(17_000_000) })).json).toMatchObject({ code: "too-large" });
  });

  it("takes a thousand at once and loses none", async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, (_, i) => post({ type: "storm", title: `n${i}` })));
    const kept = new Set<string>();
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = `type=storm&limit=400${cursor && `&cursor=${cursor}`}`;
      const { json } = await http.call<Page>("GET", `/api/notifications?${query}`);
      for (const { id } of json.items) kept.add(id);
      cursor = json.next_cursor;
    }
    expect([kept.size, answers.every(({ json }) => kept.has(json.id))]).toEqual([1_000, true]);
  });

  it.each([
    {},
    { title: 5 },
    { tittle: "x" },
    { title: "x", severity: "terrible" },
    { title: "x", color: -1 },
    { type: "error", labels: { site: "lab" } },
    { title: "", message: "", fields: {} },
    { title: "x", mentions: ["bob"] },
    { title: "x", timestamp: "yesterday" },
    { title: "x", expires_at: "soon" },
    { title: "x", files: [{ name: "a", data: "not base64!" }] },
    { title: "x", files: [{ name: "", data: "" }] },
  ])("refuses %j", async (body) => {
    expect((await post(body)).json).toMatchObject({ status: 400, code: "validation-failed" });
  });
});

describe("an idempotency key", () => {
  it("gets the first answer again, from the header as from the body, and nothing is sent twice", async () => {
    const body = { title: "Once" };
    const first = await post(body, { "idempotency-key": "order-1" });
    const again = await post(body, { "Idempotency-Key": "order-1" });
    const inBody = await post({ ...body, idempotency_key: "order-1" });
    expect([again.status, again.json, inBody.json]).toEqual([202, first.json, first.json]);
    expect([first, again].map(({ headers }) => headers["idempotent-replayed"])).toEqual([undefined, "true"]);
    await http.clock.advance(60_000);
    expect(http.told().filter(({ title }) => title === "Once")).toHaveLength(1);
  });

  it("gets one answer for two requests at the same time", async () => {
    const [one, two] = await Promise.all([
      post({ title: "Twin" }, { "idempotency-key": "twin" }),
      post({ title: "Twin" }, { "idempotency-key": "twin" }),
    ]);
    expect(one.json).toEqual(two.json);
  });

  it("is not for something else", async () => {
    const { json: first } = await post({ title: "A" }, { "idempotency-key": "k" });
    expect((await post({ title: "B" }, { "idempotency-key": "k" })).json).toMatchObject({
      status: 422,
      code: "idempotency-key-reused",
      detail: expect.stringContaining(first.id),
    });
  });

  it("is free again after 24 hours", async () => {
    const key = { "idempotency-key": "daily" };
    const { json: first } = await post({ title: "Daily" }, key);
    await http.clock.advance(86_400_000 - 1);
    expect((await post({ title: "Daily" }, key)).json).toEqual(first);
    await http.clock.advance(1);
    const { json: second } = await post({ title: "Daily" }, key);
    expect(second.id).not.toBe(first.id);
    expect((await post({ title: "Daily" }, key)).json).toEqual(second);
  });

  it.each(["", " ", "x".repeat(256)])("is a name: not %j", async (key) => {
    expect((await post({ title: "x" }, { "idempotency-key": key })).json).toMatchObject({ code: "validation-failed" });
  });
});

describe("without a destination (A4)", () => {
  it("is taken and kept as skipped, with the reason", async () => {
    await using other = await startHttpHarness({ channel: null });
    const { status, json } = await other.call<Named>("POST", "/api/notifications", { title: "x" });
    expect(status).toBe(202);
    await other.settle();
    expect((await other.call("GET", `/api/notifications/${json.id}`)).json).toMatchObject({
      status: "skipped",
      skipped: "no-destination",
      deliveries: [],
    });
  });
});
