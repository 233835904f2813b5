import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tocsin } from "../../testing/command-line.ts";
import { MONSTERA, type Page } from "../../testing/http-harness.ts";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";

let server: TestApp;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  server = await startTestApp();
  env = { TOCSIN_SERVER: server.addresses.http };
});

afterEach(() => server[Symbol.asyncDispose]());

/** A plant that is too dry. @returns the alert's id */
async function anAlert(): Promise<string> {
  const plant = await server.call<{ id: string }>("POST", "/api/plants", { ...MONSTERA, name: "Dry one" });
  await server.call("POST", "/api/devices", { id: "device-abc", plant_id: plant.json.id });
  for (const value of [10, 9.5])
    await server.call("POST", "/api/devices/device-abc/telemetry", { soil_moisture: value });
  await server.untilTold(1);
  return (await server.call<Page>("GET", "/api/alerts")).json.items[0]!.id;
}

// A12
describe("tocsin alerts", () => {
  it("lists what is open, and with --all what is over as well", async () => {
    expect((await tocsin(["alerts"], { env })).out).toBe("There are no such alerts.\n");
    const id = await anAlert();
    const [heading, row] = (await tocsin(["alerts"], { env })).out.split("\n");
    expect(heading).toMatch(/^ID +PHASE +SINCE +SEVERITY +WHAT +TOLD +HELD BACK +BY$/);
    expect(row).toMatch(
      new RegExp(`^${id} +firing +\\d{4}-\\S+ \\S+Z +warning +Dry one: soil_moisture 9.5, min 20 +1 +1$`),
    );
    expect((await tocsin(["alerts", "--device", "other"], { env })).out).toBe("There are no such alerts.\n");
    await tocsin(["alerts", "resolve", id], { env });
    expect((await tocsin(["alerts", "list"], { env })).out).toBe("There are no such alerts.\n");
    expect((await tocsin(["alerts", "list", "--all"], { env })).out).toContain("resolved");
    const json = JSON.parse((await tocsin(["alerts", "--phase", "resolved", "--json"], { env })).out);
    expect(json).toMatchObject({ items: [{ id, phase: "resolved" }], next_cursor: null });
  });

  it("acknowledges, takes that back, and shows the life of one", async () => {
    const id = await anAlert();
    const order = ["--by", "Ann", "--comment", "watering it"];
    expect(await tocsin(["alerts", "ack", id, ...order], { env })).toMatchObject({
      code: 0,
      out: expect.stringMatching(/acknowledged: acknowledged by Ann \(watering it\)/),
    });
    expect((await tocsin(["alerts", "unack", id], { env })).out).toMatch(/firing: unacknowledged/);
    const { out } = await tocsin(["alerts", "show", id], { env });
    expect(out).toMatch(new RegExp(`^${id} {2}firing since `));
    expect(out).toMatch(/told \(fired, 10\): delivered as ntf_/);
    expect(out).toMatch(/held back 1 time: cooldown/);
  });

  it("ends with 4 for one that is over, or not there", async () => {
    const id = await anAlert();
    await tocsin(["alerts", "resolve", id], { env });
    expect(await tocsin(["alerts", "ack", id], { env })).toMatchObject({
      code: 4,
      err: expect.stringMatching(/is over/),
    });
    expect(await tocsin(["alerts", "show", "alr_x"], { env })).toMatchObject({ code: 4 });
  });
});
