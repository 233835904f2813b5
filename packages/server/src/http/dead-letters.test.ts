import { outcomes } from "@tocsin/core/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HttpHarness, type Named, type Page, startHttpHarness } from "../../testing/http-harness.ts";

let http: HttpHarness;
let remote: { refuses: boolean };

beforeEach(async () => {
  remote = { refuses: true };
  const refused = outcomes.rejected(null, { code: "discord-50035" });
  http = await startHttpHarness({ channel: { respond: () => (remote.refuses ? refused : outcomes.delivered()) } });
});

afterEach(() => http[Symbol.asyncDispose]());

/** Tells it; while the remote refuses, it becomes a dead letter. */
async function tell(body: object): Promise<string> {
  const { id } = (await http.call<Named>("POST", "/api/notifications", body)).json;
  await http.settle();
  await http.clock.advance(1_000);
  await http.settle();
  return id;
}

async function letters(query = ""): Promise<readonly Named[]> {
  return (await http.call<Page>("GET", `/api/dead-letters?${query}`)).json.items;
}

async function statusOf(id: string): Promise<string> {
  return (await http.call<{ status: string }>("GET", `/api/notifications/${id}`)).json.status;
}

describe("dead letters (B4)", () => {
  it("are listed, newest first, with what was to be told and why it failed", async () => {
    const first = await tell({ type: "error", title: "A" });
    const second = await tell({ type: "critical", title: "B" });
    const items = await letters();
    expect(items).toMatchObject([
      { notification: { id: second, title: "B" } },
      {
        id: expect.stringMatching(/^dlv_/),
        channel: "default",
        notification: { id: first, type: "error", severity: "error", title: "A" },
        attempts: 1,
        reason: "rejected",
        error: { code: "discord-50035", http_status: 400 },
        newer: null,
      },
    ]);
    expect((await http.call("GET", `/api/dead-letters/${items[1]!.id}`)).json).toMatchObject({
      id: items[1]!.id,
      tries: [{ attempt: 1, outcome: "rejected", http_status: 400 }],
    });
  });

  it.each([
    { query: "type=error", found: ["A"] },
    { query: "severity=critical", found: ["B"] },
    { query: "channel=default", found: ["B", "A"] },
    { query: "reason=rejected&error_code=discord-50035", found: ["B", "A"] },
    { query: "reason=expired", found: [] },
    { query: "to=2026-01-01T00:00:00.500Z", found: ["A"] },
    { query: "limit=1", found: ["B"] },
  ])("are found by $query", async ({ query, found }) => {
    await tell({ type: "error", title: "A" });
    await tell({ type: "critical", title: "B" });
    const items = (await letters(query)) as unknown as { notification: { title: string } }[];
    expect(items.map(({ notification }) => notification.title)).toEqual(found);
  });

  it("are replayed one by one, and then arrive", async () => {
    const id = await tell({ title: "A" });
    const [letter] = await letters();
    remote.refuses = false;
    const { status, json } = await http.call<Named>("POST", `/api/dead-letters/${letter!.id}/replay`);
    expect([status, json]).toEqual([200, { id: expect.stringMatching(/^dlv_/) }]);
    await http.settle();
    expect([await statusOf(id), await letters()]).toEqual(["delivered", []]);
    expect((await http.call("POST", `/api/dead-letters/${letter!.id}/replay`)).json).toMatchObject({
      status: 404,
      code: "dead-letter-not-found",
    });
  });

  it("are replayed by filter, and by ids, each that could not be with its reason", async () => {
    await tell({ type: "error", title: "A" });
    await tell({ type: "critical", title: "B" });
    const byFilter = await http.call("POST", "/api/dead-letters/replay", { filter: { type: ["error"] } });
    expect(byFilter.json).toEqual({ replayed: [expect.stringMatching(/^dlv_/)], refused: [] });
    await http.settle();
    const ids = [...(await letters()).map(({ id }) => id), "dlv_none"];
    const byIds = await http.call("POST", "/api/dead-letters/replay", { ids });
    expect(byIds.json).toMatchObject({ replayed: [{}, {}], refused: [{ id: "dlv_none", because: "unknown" }] });
  });

  it("are not replayed when newer news has overtaken them, unless forced", async () => {
    await tell({ title: "Down", key: "pump", phase: "firing" });
    remote.refuses = false;
    await tell({ title: "Down again", key: "pump" });
    const [letter] = await letters();
    expect(letter).toMatchObject({ newer: { status: "delivered" } });
    const path = `/api/dead-letters/${letter!.id}/replay`;
    expect((await http.call("POST", path)).json).toMatchObject({ status: 409, code: "dead-letter-stale" });
    const many = await http.call("POST", "/api/dead-letters/replay", { ids: [letter!.id] });
    expect(many.json).toEqual({ replayed: [], refused: [{ id: letter!.id, because: "stale" }] });
    expect((await http.call("POST", path, { force: true })).status).toBe(200);
  });

  it("are discarded one by one, by filter and by ids; history keeps them", async () => {
    const told = [await tell({ title: "A" }), await tell({ type: "error", title: "B" }), await tell({ title: "C" })];
    const ids = (await letters()).map(({ id }) => id);
    expect((await http.call("DELETE", `/api/dead-letters/${ids[0]}`)).status).toBe(204);
    expect((await http.call("DELETE", `/api/dead-letters/${ids[0]}`)).json).toMatchObject({ status: 404 });
    const byFilter = { filter: { type: ["error"] } };
    expect((await http.call("POST", "/api/dead-letters/discard", byFilter)).json).toEqual({ discarded: 1 });
    expect((await http.call("POST", "/api/dead-letters/discard", { ids })).json).toEqual({ discarded: 1 });
    expect(await letters()).toEqual([]);
    expect(await Promise.all(told.map(statusOf))).toEqual(["failed", "failed", "failed"]);
  });

  it.each([{}, { ids: [] }, { ids: ["a"], filter: {} }, { filter: { typ: ["x"] } }, { filter: { type: [] } }])(
    "are not meant by %j",
    async (body) => {
      for (const act of ["replay", "discard"]) {
        expect((await http.call("POST", `/api/dead-letters/${act}`, body)).json).toMatchObject({
          code: "validation-failed",
        });
      }
    },
  );

  it("bring the alert that they told up to date when they arrive after all", async () => {
    const plant = await http.newPlant();
    const device = await http.newDevice({ plant_id: plant });
    await http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: 10 }));
    const alerts = async () => (await http.call<Page>("GET", "/api/alerts")).json.items;
    expect(await alerts()).toMatchObject([{ delivery: { status: "failed", error: expect.any(String) } }]);
    remote.refuses = false;
    await http.committed(http.call("POST", "/api/dead-letters/replay", { filter: {} }));
    expect(await alerts()).toMatchObject([{ delivery: { status: "delivered", error: null } }]);
  });
});
