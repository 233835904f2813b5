/** How many readings a second get from MQTT into the database. */
import { DatabaseSync } from "node:sqlite";
import { startChild } from "../child/start-child.ts";
import { atLeast, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { startTocsinServer, type TocsinServer } from "../server/tocsin-server.ts";
import { median, whole } from "../statistics.ts";
import type { Login, readingsCalls } from "./readings-process.ts";

const DEVICES = 100;
const LEAST_PER_SECOND = 10_000;

export const readings: Scenario = {
  name: "readings",
  title: "Readings from MQTT to committed row",
  method:
    "100 devices, each with its login and a plant with thresholds, publish with QoS 1 to the server's embedded broker, up to 100 messages of " +
    "each under way; server and devices are a process each, the database is a SQLite file with synchronous=FULL. The server acknowledges " +
    "what is committed, so the time is that from the first publish to the last acknowledgement, and the rows are counted in the file at that " +
    "moment: 100,000 messages per round. The first 20,000 are not counted.",
  run,
};

async function run({ quick, say }: Circumstances): Promise<readonly Figure[]> {
  await using server = await startTocsinServer();
  await using devices = startChild<typeof readingsCalls>(new URL("./readings-process.ts", import.meta.url));
  await devices.call("connect", { port: server.mqttPort, logins: await registerDevices(server) });
  await devices.call("publish", { perDevice: quick ? 40 : 200, metrics: 1 });

  const figures: Figure[] = [];
  for (const metrics of [1, 4] as const) {
    const perSecond: number[] = [];
    const perDevice = (quick ? 4_000 : 100_000) / DEVICES;
    for (let round = 0; round < (quick ? 2 : 5); round++) {
      const before = countRows(server);
      const elapsedMs = await devices.call("publish", { perDevice, metrics });
      const rows = countRows(server) - before;
      if (rows !== perDevice * DEVICES * metrics) throw new Error(`${rows} rows for ${perDevice * DEVICES} messages`);
      perSecond.push((rows / elapsedMs) * 1_000);
      say(`${metrics} per message: ${whole(perSecond.at(-1)!)}/s`);
    }
    const middle = median(perSecond);
    const how = metrics === 1 ? "one reading per message" : "four readings per message";
    figures.push(
      { what: `${how}: readings per second`, value: whole(middle), target: atLeast(middle, LEAST_PER_SECOND) },
      compared(`${how}: least and most`, `${whole(Math.min(...perSecond))} to ${whole(Math.max(...perSecond))}`),
    );
  }
  await devices.call("disconnect", null);
  return figures;
}

async function registerDevices({ http }: TocsinServer): Promise<Login[]> {
  const thresholds = { soil_moisture: { min: 20, max: 80 } };
  const plant = await post<{ id: string }>(`${http}/api/plants`, { name: "Basil", species: "Ocimum", thresholds });
  const logins: Login[] = [];
  for (let device = 0; device < DEVICES; device++) {
    const body = { plant_id: plant.id };
    const { id, mqtt } = await post<{ id: string; mqtt: Omit<Login, "id"> }>(`${http}/api/devices`, body);
    logins.push({ id, ...mqtt });
  }
  return logins;
}

async function post<Answer>(url: string, body: unknown): Promise<Answer> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

function countRows({ database }: TocsinServer): number {
  using db = new DatabaseSync(database, { readOnly: true });
  return Number(db.prepare("select count(*) as rows from readings").get()!["rows"]);
}
