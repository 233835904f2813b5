import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, startHttpHarness } from "../../testing/http-harness.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness();
});

afterAll(() => http[Symbol.asyncDispose]());

describe("the server at large", () => {
  it("describes itself as OpenAPI 3.1, as it was reviewed", async () => {
    const { json } = await http.call<{ openapi: string; info: { version: string } }>("GET", "/openapi.json");
    expect(json.openapi).toBe("3.1.0");
    const lasting = { ...json, info: { ...json.info, version: "" } };
    await expect(`${JSON.stringify(lasting, null, 2)}\n`).toMatchFileSnapshot("generated/openapi.json");
  });

  it("says how it is", async () => {
    expect(await http.call("GET", "/health")).toMatchObject({
      status: 200,
      json: {
        status: "healthy",
        timestamp: http.now(),
        services: { database: { status: "healthy" }, mqtt: { status: "healthy", broker: "embedded" } },
      },
    });
  });

  it("answers a wrong path with a problem that points to the description", async () => {
    const { status, json } = await http.call("GET", "/api/plant?x=1");
    expect([status, json]).toMatchObject([404, { code: "no-such-route", instance: "/api/plant" }]);
  });

  it.each([
    ["/api/plants/%ff", "bad-request"],
    [`/api/plants/${"x".repeat(2_000)}`, "bad-request"],
  ])("answers a path that cannot be read with a problem as well", async (path, code) => {
    const { status, json, headers } = await http.call("GET", path);
    expect([status, json, headers["content-type"]]).toMatchObject([400, { code }, /^application\/problem\+json/]);
  });

  it.each([
    ["PUT", "/api/plants", "GET, HEAD, OPTIONS, POST"],
    ["DELETE", "/health", "GET, HEAD, OPTIONS"],
    ["GET", "/api/devices/a/telemetry", "OPTIONS, POST"],
    ["POST", "/api/plants/p", "DELETE, GET, HEAD, OPTIONS, PATCH"],
  ])("says what a path takes instead of %s %s, whatever the body", async (method, url, allow) => {
    const refused = await http.server.app.http!.inject({ method: method as "PUT", url, payload: "{" });
    expect([refused.statusCode, refused.headers["allow"]]).toEqual([405, allow]);
    expect(refused.json()).toMatchObject({ code: "wrong-method", detail: `${url} takes ${allow}, and not ${method}.` });
    const asked = await http.server.app.http!.inject({ method: "OPTIONS", url });
    expect([asked.statusCode, asked.headers["allow"], asked.body]).toEqual([204, allow, ""]);
  });

  it("sends the headers that browsers need to be careful", async () => {
    const { headers } = await http.call("GET", "/health");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "x-frame-options": "SAMEORIGIN" });
  });

  it.each([
    { headers: { host: "evil.example" }, code: "foreign-host" },
    { headers: { host: "localhost.evil.example" }, code: "foreign-host" },
    { headers: { host: "192.168.1.5:8000" }, code: "foreign-host" },
    { headers: { host: "127.0.0.1:8000@evil.example" }, code: "foreign-host" },
    { headers: { origin: "https://evil.example" }, code: "foreign-origin" },
    { headers: { origin: "null" }, code: "foreign-origin" },
    { headers: { origin: "http://localhost:3000", host: "localhost:8000" }, code: "foreign-origin" },
  ])("refuses pages of others: $headers", async ({ headers, code }) => {
    const answer = await http.server.app.http!.inject({ method: "GET", url: "/health", headers });
    expect([answer.statusCode, answer.json()]).toMatchObject([403, { code }]);
  });

  it.each([{ host: "localhost:8000", origin: "http://localhost:8000" }, { host: "[::1]:8000" }, { host: "127.0.0.1" }])(
    "takes its own: %j",
    async (headers) => {
      expect((await http.server.app.http!.inject({ method: "GET", url: "/health", headers })).statusCode).toBe(200);
    },
  );

  it("does the same over a real socket", async () => {
    const status = await new Promise((resolve, reject) => {
      const call = request(`${http.server.addresses.http}/health`, { headers: { host: "evil.example" } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      call.on("error", reject);
      call.end();
    });
    expect(status).toBe(403);
  });
});
