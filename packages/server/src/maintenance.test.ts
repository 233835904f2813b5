/** Maintenance windows of `tocsin.yaml`, told as a story. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { tocsin } from "../testing/command-line.ts";
import { MONSTERA, type Page, startHttpHarness } from "../testing/http-harness.ts";
import { T } from "../testing/samples.ts";

const HOUR = 3_600_000;
/** T is midnight in UTC, one o'clock in Berlin. */
const FILE = `
maintenance:
  - { name: new roof, from: 2026-01-01T02:00:00+01:00, until: 2026-01-01T04:00:00+01:00, matchers: plant=Fern }
  - { name: moving, from: 2026-01-02T00:00:00Z, until: 2026-01-03T00:00:00Z }
`;

const folder = mkdtempSync(join(tmpdir(), "tocsin-maintenance-"));
const file = join(folder, "tocsin.yaml");
writeFileSync(file, FILE);

afterAll(() => rmSync(folder, { recursive: true }));

const ROOF = { name: "new roof", matchers: "plant=Fern", from: at(1), until: at(3) };
const MOVING = { name: "moving", state: "upcoming", matchers: "", from: at(24), until: at(48) };

function at(hour: number): string {
  return new Date(T + hour * HOUR).toISOString();
}

it("in its window nothing that matches is told, which lists, explain and the alert say; what still fires is told after it", async () => {
  await using http = await startHttpHarness({ env: { TOCSIN_CONFIG: file, DEVICE_OFFLINE_AFTER_SECONDS: "604800" } });
  const env = { TOCSIN_SERVER: http.server.addresses.http };
  const windows = async (query = "") =>
    (await http.call<{ maintenance: object[] }>("GET", `/api/silences${query}`)).json.maintenance;
  const plant = await http.newPlant({ ...MONSTERA, name: "Fern" });
  const device = await http.newDevice({ plant_id: plant });
  const soil = (value: number) =>
    http.committed(http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: value }));
  const told = () => http.told().map(({ title }) => title);
  const passHours = (hours: number) => http.clock.advance(T + hours * HOUR - http.clock.now());

  expect(await windows()).toEqual([{ ...ROOF, state: "upcoming" }, MOVING]);
  expect(await windows("?state=active")).toEqual([]);
  await passHours(1);
  expect(await windows("?state=active")).toEqual([{ ...ROOF, state: "active" }]);
  expect(await windows("?state=expired")).toEqual([]);
  expect((await tocsin(["silence", "list"], { env })).out).toMatch(
    /^There are no active silences\.\n\nMAINTENANCE +MATCHERS +UNTIL\nnew roof +plant=Fern +2026-01-01 03:00:00Z\n$/,
  );
  await soil(10);
  expect(told()).toEqual([]);
  const [alert] = (await http.call<Page>("GET", "/api/alerts")).json.items;
  expect((await http.call("GET", `/api/alerts/${alert!.id}`)).json).toMatchObject({
    told: [],
    held_back: [{ reason: "maintenance", count: 1 }],
  });
  const explained = (await http.call("POST", "/api/routes/explain", { labels: { plant: "Fern" } })).json;
  expect(explained).toMatchObject({ to: [], withheld: { by: "maintenance", what: "new roof", until: at(3) } });
  await passHours(3);
  expect(await windows()).toEqual([MOVING]);
  await soil(10);
  expect(told()).toEqual(["Plant Alert: Fern"]);
});

it("config check tells its mistakes with their place, and no server is needed", async () => {
  const wrong = join(folder, "wrong.yaml");
  writeFileSync(wrong, "maintenance:\n  - { from: 2026-01-02T00:00:00Z, until: 2026-01-01T00:00:00Z }\n");
  expect(await tocsin(["config", "check"], { env: { TOCSIN_CONFIG: wrong } })).toMatchObject({
    err: expect.stringContaining("maintenance[0].until (line 2): must come after from"),
  });
  expect((await tocsin(["config", "check"], { env: { TOCSIN_CONFIG: file } })).code).toBe(0);
});
