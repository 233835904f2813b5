import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, type Named, type Page, startHttpHarness } from "../../testing/http-harness.ts";

const DAY_MS = 86_400_000;
let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness({ onDisk: true });
});

afterAll(() => http[Symbol.asyncDispose]());

async function create(name: string, body: object = {}): Promise<string> {
  const settings = { name, period_seconds: 86_400, ...body };
  return (await http.committed(http.call<Named>("POST", "/api/checks", settings))).json.id;
}

/** As curl does it. */
async function ping(path: string, { method = "GET", body = "" } = {}) {
  const answer = http.server.app.http!.inject({
    method: method as "GET",
    url: `/ping/${path}`,
    ...(body === "" ? {} : { payload: body, headers: { "content-type": "application/x-www-form-urlencoded" } }),
  });
  const { statusCode, payload } = await http.committed(answer);
  return [statusCode, payload];
}

async function look(id: string) {
  return (await http.call<Record<string, unknown>>("GET", `/api/checks/${id}`)).json;
}

const titles = () => http.told().map(({ title }) => title);

describe("checks of scheduled jobs", () => {
  it("begin with nothing expected", async () => {
    const { status, json, headers } = await http.committed(
      http.call<Named>("POST", "/api/checks", { name: "Backup", period_seconds: 86_400 }),
    );
    expect([status, headers["location"]]).toEqual([201, `/api/checks/${json.id}`]);
    expect(json).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f-]{27}$/),
      name: "Backup",
      period_seconds: 86_400,
      grace_seconds: 3_600,
      remind_after_seconds: [],
      severity: "error",
      ping_path: `/ping/${json.id}`,
      phase: "new",
      last_ping_at: null,
      last_result: null,
      exit_status: null,
      started_at: null,
      last_duration_seconds: null,
      created_at: expect.any(String),
    });
    expect(await look(json.id)).toEqual(json);
  });

  it("are told when a ping does not come, once, and when it comes again", async () => {
    const id = await create("Nightly");
    expect(await ping(id)).toEqual([200, "OK"]);
    const before = titles().length;
    await http.clock.advance(DAY_MS + 3_599_000);
    expect([titles().length - before, await look(id)]).toMatchObject([0, { phase: "late" }]);
    await http.clock.advance(2_000);
    await http.server.untilTold(before + 1);
    expect([titles().slice(before), await look(id)]).toMatchObject([["Error: Nightly"], { phase: "down" }]);
    expect(http.told().at(-1)).toMatchObject({ message: expect.stringContaining("No ping for 1 day 1 hour") });
    await http.clock.advance(3 * DAY_MS);
    expect(titles().length - before).toBe(1);
    await ping(id);
    await http.server.untilTold(before + 2);
    expect(titles().slice(before)).toEqual(["Error: Nightly", "Recovered: Nightly"]);
  });

  it.each([
    ["fail", "It reports a failure."],
    ["3", "It ended with exit status 3."],
    ["255", "It ended with exit status 255."],
  ])("are told at once when the job says /%s", async (signal, message) => {
    const id = await create(`Job ${signal}`);
    const before = titles().length;
    expect(await ping(`${id}/${signal}`)).toEqual([200, "OK"]);
    await http.server.untilTold(before + 1);
    expect(http.told().at(-1)).toMatchObject({ title: `Error: Job ${signal}`, message });
  });

  it("show the end of what the job had to say, without its secrets", async () => {
    const id = await create("Wordy");
    const body = `password=${"hunter2".repeat(10)}${" x".repeat(400)} disk full`;
    const before = titles().length;
    expect(await ping(`${id}/1`, { method: "POST", body })).toEqual([200, "OK"]);
    await http.server.untilTold(before + 1);
    const { message } = http.told().at(-1)!;
    expect(message).toMatch(/disk full/);
    expect(message).not.toMatch(/hunter2/);
  });

  it("take whatever a job has to say, however much, and by whatever form its id is written in", async () => {
    const id = await create("Chatty");
    const before = titles().length;
    const body = `${"backup of /var: fine\n".repeat(200_000)}no space left`;
    expect(await ping(`${id.toUpperCase()}/1`, { method: "POST", body })).toEqual([200, "OK"]);
    await http.server.untilTold(before + 1);
    expect(http.told().at(-1)!.message).toMatch(/no space left$/);
  });

  it("measure how long a job takes, and miss its end", async () => {
    const id = await create("Slow", { grace_seconds: 60 });
    await ping(`${id}/start`);
    await http.clock.advance(30_000);
    await ping(`${id}/0`, { method: "HEAD" });
    expect(await look(id)).toMatchObject({ last_result: "success", last_duration_seconds: expect.closeTo(30, 0) });
    await ping(`${id}/start`, { method: "POST" });
    expect(await look(id)).toMatchObject({ phase: "running" });
    const before = titles().length;
    await http.clock.advance(61_000);
    await http.server.untilTold(before + 1);
    expect(http.told().at(-1)).toMatchObject({
      title: "Error: Slow",
      message: expect.stringContaining("has not ended; it may take 1 minute."),
    });
  });

  it("are listed by name in pages, changed and removed", async () => {
    const id = await create("A first");
    await create("A second");
    const page = (await http.call<Page<{ name: string }>>("GET", "/api/checks?limit=1")).json;
    expect(page.items.map(({ name }) => name)).toEqual(["A first"]);
    const next = await http.call<Page<{ name: string }>>("GET", `/api/checks?limit=1&cursor=${page.next_cursor}`);
    expect(next.json.items.map(({ name }) => name)).toEqual(["A second"]);

    const change = (body: object) => http.committed(http.call("PATCH", `/api/checks/${id}`, body));
    expect(await change({ name: "A second" })).toMatchObject({ status: 409, json: { code: "check-exists" } });
    expect(await change({ period_seconds: 60, name: "A" })).toMatchObject({ json: { name: "A", period_seconds: 60 } });
    expect(await http.committed(http.call("DELETE", `/api/checks/${id}`))).toMatchObject({ status: 204 });
    expect(await http.call("DELETE", `/api/checks/${id}`)).toMatchObject({ status: 404 });
  });

  it("outlive a restart, and what was missed is not told again", async () => {
    const id = await create("Lasting", { grace_seconds: 60, period_seconds: 60 });
    await ping(id);
    const before = titles().length;
    await http.clock.advance(121_000);
    await http.server.untilTold(before + 1);
    expect(titles().at(-1)).toBe("Error: Lasting");
    const { folder } = http.server;
    await http.server.stop();
    http = await startHttpHarness({ folder, onDisk: true });
    expect(await look(id)).toMatchObject({ name: "Lasting", phase: "down" });
    await http.clock.advance(DAY_MS);
    expect(titles()).not.toContain("Error: Lasting");
    await ping(id);
    await http.server.untilTold(1);
    expect(titles()).toContain("Recovered: Lasting");
  });

  it.each([
    ["nothing", "not-a-uuid", 400],
    ["a check that is unknown", "00000000-0000-4000-8000-000000000000", 404],
    ["an exit status that is none", "00000000-0000-4000-8000-000000000000/256", 400],
    ["a word that is none", "00000000-0000-4000-8000-000000000000/stop", 400],
  ])("cannot be pinged for %s", async (_what, path, status) => {
    expect((await ping(path))[0]).toBe(status);
  });

  it.each([{ period_seconds: 0 }, { period_seconds: 1e9 }, { name: "" }, { severity: "bad" }, { extra: 1 }])(
    "cannot be made with %o",
    async (body) => {
      const answer = await http.call("POST", "/api/checks", { name: "x", period_seconds: 60, ...body });
      expect(answer).toMatchObject({ status: 400, json: { code: "validation-failed" } });
    },
  );
});
