import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpHarness, type Page, startHttpHarness } from "../../testing/http-harness.ts";

let http: HttpHarness;

beforeAll(async () => {
  http = await startHttpHarness({ onDisk: true });
});

afterAll(() => http[Symbol.asyncDispose]());

const url = (name: string, what = "") => `/api/components/${encodeURIComponent(name)}${what}`;
const fail = (name: string, error?: unknown) =>
  http.call("POST", url(name, "/failure"), error === undefined ? undefined : { error });
const succeed = (name: string) => http.call("POST", url(name, "/success"));
/** Waits for so many. */
const told = (count: number) => http.server.untilTold(count);
const titles = () => http.told().map(({ title }) => title);

describe("components that report over HTTP", () => {
  it("are told after three failures, in the words of their last error, and when they work again", async () => {
    for (const error of ["late", { type: "TimeoutError", message: "no answer in 10 s" }]) await fail("Bus API", error);
    expect(titles()).toEqual([]);
    expect(await fail("Bus API", { type: "TimeoutError", message: "no answer in 10 s" })).toMatchObject({
      status: 200,
      json: { name: "Bus API", phase: "firing", alerting: true, consecutive_failures: 3, first_failure_at: http.now() },
    });
    expect(await told(1)).toMatchObject([{ title: "Error: Bus API", message: "no answer in 10 s" }]);
    expect(await succeed("Bus API")).toMatchObject({ json: { phase: "ok", alerting: false, consecutive_failures: 0 } });
    await told(2);
    expect(titles()).toEqual(["Error: Bus API", "Recovered: Bus API"]);
  });

  it("have settings of their own, which outlive a restart", async () => {
    const settings = { failures_before_alert: 1, remind_after_seconds: [600], severity: "critical" };
    const put = () => http.call("PUT", url("Weather"), settings);
    expect(await http.committed(put())).toMatchObject({ status: 200, json: { settings } });
    const { folder } = http.server;
    await http.server.stop();
    http = await startHttpHarness({ folder, onDisk: true });
    expect((await http.call("GET", url("Weather"))).json).toMatchObject({ phase: "ok", settings });
    await fail("Weather");
    expect(await told(1)).toMatchObject([{ title: "Error: Weather", severity: "critical" }]);
    await http.clock.advance(600_000);
    await told(2);
  });

  it("are listed by name in pages", async () => {
    for (const name of ["b", "a", "c/d?e"]) await succeed(name);
    const names = async (query: string) => {
      const { json } = await http.call<Page<{ name: string }>>("GET", `/api/components${query}`);
      return [json.items.map(({ name }) => name), json.next_cursor] as const;
    };
    const [first, cursor] = await names("?limit=2");
    expect(first).toEqual(["Weather", "a"]);
    expect(await names(`?limit=2&cursor=${cursor}`)).toEqual([["b", "c/d?e"], null]);
  });

  it("can be forgotten", async () => {
    await fail("gone");
    expect(await http.committed(http.call("DELETE", url("gone")))).toMatchObject({ status: 204 });
    for (const method of ["GET", "DELETE"] as const)
      expect(await http.call(method, url("gone"))).toMatchObject({
        status: 404,
        json: { code: "component-not-found" },
      });
  });

  it.each([{ error: 5 }, { error: { message: 5 } }, { nonsense: 1 }, []])("cannot fail with %o", async (body) => {
    expect(await http.call("POST", url("x", "/failure"), body)).toMatchObject({ status: 400 });
  });

  it("show how they are where nothing can be told", async () => {
    const silent = await startHttpHarness({ channel: null });
    for (let n = 0; n < 3; n++) await silent.call("POST", url("x", "/failure"));
    expect((await silent.call("GET", url("x"))).json).toMatchObject({ phase: "firing", consecutive_failures: 3 });
    await silent[Symbol.asyncDispose]();
  });
});

it("the server tells of its start and end when it is asked to", async () => {
  const talking = await startHttpHarness({ env: { ANNOUNCE_START_AND_STOP: "true" } });
  expect((await talking.server.untilTold(1)).map(({ title }) => title)).toEqual(["Tocsin Started"]);
  const ended = talking.server.stop();
  expect((await talking.server.untilTold(2)).at(-1)?.title).toBe("Tocsin Stopped");
  await talking[Symbol.asyncDispose]();
  await ended;
});
