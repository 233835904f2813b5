import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, startHttpHarness } from "../../../testing/http-harness.ts";
import { startTestApp } from "../../../testing/test-app.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness();
});

afterAll(() => http[Symbol.asyncDispose]());

describe("telemetry and heartbeats over HTTP", () => {
  it("are stored when the answer comes, and show in the plant's readings", async () => {
    const plant = await http.newPlant();
    const device = await http.newDevice({ plant_id: plant });
    const at = http.now();
    const answer = await http.committed(
      http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: 41.5, note: "x" }),
    );
    expect(answer).toMatchObject({
      status: 200,
      json: { accepted: 1, refused: [{ metric: "note", reason: "not-a-number" }] },
    });
    const { json } = await http.call("GET", `/api/plants/${plant}/readings`);
    expect(json).toEqual({
      items: [{ at, device_id: device, metric: "soil_moisture", value: 41.5 }],
      next_cursor: null,
    });
    expect((await http.call("GET", `/api/devices/${device}`)).json).toMatchObject({
      status: "online",
      last_seen_at: at,
    });
  });

  it("a heartbeat needs no body, and a device that was heard goes offline after its time", async () => {
    const device = await http.newDevice();
    expect((await http.committed(http.call("POST", `/api/devices/${device}/heartbeat`))).status).toBe(204);
    expect((await http.committed(http.call("POST", `/api/devices/${device}/heartbeat`, {}))).status).toBe(204);
    await http.clock.advance(180_000);
    expect((await http.call("GET", `/api/devices/${device}`)).json).toMatchObject({ status: "offline" });
  });

  it.each([
    { payload: "{", status: 400, code: "malformed-json" },
    { payload: '{"a": NaN}', status: 400, code: "malformed-json" },
    { payload: '{"__proto__": {"x": 1}}', status: 400, code: "malformed-json" },
    { payload: "[1]", status: 400, code: "validation-failed" },
    { payload: "{}", status: 400, code: "no-metrics" },
    { payload: '{"a": "1"}', status: 400, code: "not-a-number" },
    { payload: '{"a": 1e999}', status: 400, code: "not-finite" },
    { payload: `{"a": "${"x".repeat(1_000_000)}"}`, status: 413, code: "too-large" },
  ])("of the kind $code is refused with $status", async ({ payload, status, code }) => {
    const device = await http.newDevice();
    const url = `/api/devices/${device}/telemetry`;
    const headers = { "content-type": "application/json" };
    const answer = await http.server.app.http!.inject({ method: "POST", url, payload, headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([
      status,
      { code, type: `urn:tocsin:problem:${code}`, status },
    ]);
  });

  it("asks for JSON when something else comes", async () => {
    const device = await http.newDevice();
    const headers = { "content-type": "text/plain" };
    const post = { method: "POST", url: `/api/devices/${device}/telemetry`, payload: '{"a":1}', headers } as const;
    expect((await http.server.app.http!.inject(post)).json()).toMatchObject({
      code: "unsupported-media-type",
      detail: expect.stringMatching(/Content-Type: application\/json/),
    });
  });

  it("tells a device that floods to wait", async () => {
    await using slow = await startTestApp({ env: { DEVICE_REPORTS_PER_SECOND: "1" } });
    await slow.call("POST", "/api/devices", { id: "loud" });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await slow.call("POST", "/api/devices/loud/telemetry", { a: i }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429, 429]);
    expect(answers[2]).toMatchObject({ json: { code: "too-frequent" }, headers: { "retry-after": "1" } });
    expect((await slow.call("GET", "/health")).json).toMatchObject({
      services: { ingest: { readings: 2, refused: { "too-frequent": 2 }, last_refusal: { device_id: "loud" } } },
    });
  });
});
