import { outcomes } from "@tocsin/core/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, type Named, type Page, startHttpHarness } from "../../testing/http-harness.ts";

/** As Discord's headers tell them. */
const LIMITS = { limit: 5, remaining: 4, resetAfterMs: 2_000, bucket: "b2d6c7", poolKey: null };

let http: HttpHarness;
let ids: string[];
/** Between the second and the third. */
let between: string;

/** Told: a delivered error, a critical one that is refused, an info that arrives at the second try. */
beforeAll(async () => {
  http = await startHttpHarness({
    channel: {
      latencyMs: 40,
      respond: ({ notifications: [{ title }], attempt }) => {
        if (title === "Refused") return outcomes.rejected(null, { code: "discord-50035" });
        return title === "Late" && attempt === 1
          ? outcomes.unavailable()
          : outcomes.delivered("msg-1", { limits: LIMITS });
      },
    },
  });
  ids = [];
  await tell({ type: "error", title: "Import failed", message: "disk full", labels: { job: "import", "a=b": "c=d" } });
  await tell({ type: "critical", title: "Refused" });
  await http.clock.advance(60_000);
  between = http.now();
  await tell({ title: "Late", message: "disk fuller", labels: { job: "export" } });
});

afterAll(() => http[Symbol.asyncDispose]());

async function tell(body: object): Promise<void> {
  ids.push((await http.call<Named>("POST", "/api/notifications", body)).json.id);
  await http.settle();
  await http.clock.advance(5_000);
  await http.settle();
}

async function list(query: string): Promise<readonly string[]> {
  const { json } = await http.call<Page>("GET", `/api/notifications?${query}`);
  return json.items.map(({ id }) => ["error", "critical", "late"][ids.indexOf(id)]!);
}

describe("GET /api/notifications (B5)", () => {
  it("tells what became of each, newest first", async () => {
    const { json } = await http.call<Page>("GET", "/api/notifications");
    expect(json).toMatchObject({
      next_cursor: null,
      items: [
        { id: ids[2], type: "general", severity: "info", status: "delivered", labels: { job: "export" } },
        {
          id: ids[1],
          severity: "critical",
          status: "failed",
          deliveries: [{ channel: "default", status: "failed", reason: "rejected", error: { code: "discord-50035" } }],
        },
        {
          id: ids[0],
          title: "Import failed",
          created_at: "2026-01-01T00:00:00.000Z",
          status: "delivered",
          deliveries: [{ status: "delivered", attempts: 1, message_id: "msg-1", error: null, sequel: null }],
        },
      ],
    });
  });

  it.each([
    { query: "type=error", found: ["error"] },
    { query: "type=error&type=critical", found: ["critical", "error"] },
    { query: "severity=info", found: ["late"] },
    { query: "status=failed", found: ["critical"] },
    { query: "status=failed&status=delivered&severity=error", found: ["error"] },
    { query: "channel=default&status=delivered", found: ["late", "error"] },
    { query: "channel=elsewhere", found: [] },
    { query: "label=job%3Dimport", found: ["error"] },
    { query: "label=job%3Dimport&label=a%3Db", found: [] },
    { query: "label=job%3Dimport&label=job%3Dimport", found: ["error"] },
    { query: `label=${encodeURIComponent(String.raw`a\=b=c=d`)}`, found: ["error"] },
    { query: `label=${encodeURIComponent("a=b=c=d")}`, found: [] },
    { query: "q=disk", found: ["late", "error"] },
    { query: "q=disk%20full", found: ["error"] },
    { query: "q=full*", found: ["late", "error"] },
  ])("finds $found by $query", async ({ query, found }) => {
    expect(await list(query)).toEqual(found);
  });

  it("finds by time, the end excluded", async () => {
    expect(await list(`from=${between}`)).toEqual(["late"]);
    expect(await list(`to=${between}`)).toEqual(["critical", "error"]);
    expect(await list("from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00.001Z")).toEqual(["error"]);
  });

  it("goes through in pages", async () => {
    const first = (await http.call<Page>("GET", "/api/notifications?limit=2")).json;
    expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    const second = (await http.call<Page>("GET", `/api/notifications?limit=2&cursor=${first.next_cursor}`)).json;
    expect([second.items.map(({ id }) => id), second.next_cursor]).toEqual([[ids[0]], null]);
  });

  it.each([
    { query: "cursor=nonsense", code: "bad-cursor" },
    { query: "limit=501", code: "validation-failed" },
    { query: "status=lost", code: "validation-failed" },
    { query: "label=job", code: "validation-failed" },
    { query: "label=job%3Da&label=job%3Db", code: "validation-failed" },
    { query: "from=yesterday", code: "validation-failed" },
  ])("refuses $query", async ({ query, code }) => {
    expect((await http.call("GET", `/api/notifications?${query}`)).json).toMatchObject({ status: 400, code });
  });
});

describe("GET /api/notifications/{id} (B4, B5)", () => {
  it("tells every try", async () => {
    const { json } = await http.call("GET", `/api/notifications/${ids[2]}`);
    expect(json).toMatchObject({
      status: "delivered",
      deliveries: [
        {
          attempts: 2,
          tries: [
            {
              attempt: 1,
              outcome: "unavailable",
              http_status: 503,
              wait_ms: 0,
              duration_ms: 40,
              bucket: null,
              message_id: null,
            },
            { attempt: 2, outcome: "delivered", http_status: 200, error: null, bucket: "b2d6c7", message_id: "msg-1" },
          ],
        },
      ],
    });
  });

  it("says so when there is none", async () => {
    expect((await http.call("GET", "/api/notifications/ntf_none")).json).toMatchObject({
      status: 404,
      code: "notification-not-found",
    });
  });
});

describe("GET /api/stats (D7)", () => {
  it("counts what arrived, how long it took and what had to be tried again, in all and by kind", async () => {
    const { json } = await http.call<{ total: object; steps: unknown[] }>("GET", "/api/stats");
    expect(json).toMatchObject({
      total: {
        deliveries: { delivered: 2, failed: 1 },
        success_rate: 2 / 3,
        reasons: { rejected: 1 },
        requests: 4,
        outcomes: { delivered: 2, rejected: 1, unavailable: 1 },
        errors: { "discord-50035": 1, "http-503": 1 },
        retries: { delivered_at_once: 1, delivered_after_retry: 1, gave_up_after_retry: 0 },
        response_ms: { count: 4, mean: 40, max: 40 },
        end_to_end_ms: { count: 2 },
      },
      by_type: { error: { success_rate: 1 }, critical: { success_rate: 0 }, general: { requests: 2 } },
      by_channel: { default: { requests: 4 } },
      by_severity: { critical: { reasons: { rejected: 1 } } },
      steps: [],
    });
  });

  it("covers the last 24 hours, or the range that is asked for, also step by step", async () => {
    const { json } = await http.call<{ from: string; to: string; steps: { at: string }[] }>(
      "GET",
      "/api/stats?from=2026-01-01T00:00:00Z&to=2026-01-01T00:01:00Z&step=minute&type=error",
    );
    expect(json).toMatchObject({
      from: "2026-01-01T00:00:00.000Z",
      to: "2026-01-01T00:01:00.000Z",
      total: { requests: 1 },
      steps: [{ at: "2026-01-01T00:00:00.000Z", figures: { requests: 1 } }],
    });
    expect((await http.call<typeof json>("GET", "/api/stats")).json.from).toBe("2025-12-31T00:01:00.000Z");
  });

  it.each([
    ["notifications?severity=bad", "/severity must be one of info, warning, error, critical."],
    ["notifications?severity=info&severity=bad", "/severity must be one of info, warning, error, critical."],
    ["notifications?label=a=b&label=c", "/label/1 must be written name=value."],
    ["notifications?from=2026-01-01", "/from must be written like 2026-01-31T12:00:00Z or "],
    ["notifications?sevrity=critical", "query has what is not known here: sevrity."],
    ["dead-letters?status=failed", "query has what is not known here: status."],
    ["dead-letters?reason=lost", "/reason must be one of rejected, destination-disabled, "],
    ["stats?steps=day", "query has what is not known here: steps."],
    [
      "stats?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z",
      "/from lies after the end of the range: exchange them.",
    ],
  ])("says what is wrong with %s, instead of answering something else", async (query, says) => {
    const { status, json } = await http.call<{ detail: string }>("GET", `/api/${query}`);
    expect([status, json.detail]).toEqual([400, expect.stringContaining(says)]);
  });

  it("refuses a range that ends before it begins", async () => {
    const query = "from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z";
    expect((await http.call("GET", `/api/stats?${query}`)).json).toMatchObject({ code: "validation-failed" });
  });
});
