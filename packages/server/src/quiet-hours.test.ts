/** Quiet hours of a plant, told as a story: what happens to its devices at which hour, and what people read. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HttpHarness, MONSTERA, type Page, startHttpHarness } from "../testing/http-harness.ts";
import { T } from "../testing/samples.ts";

const HOUR = 3_600_000;
const RECOVERIES = { ALERT_RECOVERIES: "true" };
/** Nobody looks after the devices of these stories. */
const PATIENT = { DEVICE_OFFLINE_AFTER_SECONDS: "604800" };

let folder: string;
let story: Story;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-quiet-"));
});

afterEach(async () => {
  await story[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

interface Detail {
  readonly told: readonly { readonly reason: string; readonly delivery: { readonly status: string } }[];
  readonly held_back: readonly object[];
}

/** One server after the other over one database, on one clock; T is a midnight in UTC. */
class Story {
  readonly #env: Readonly<Record<string, string>>;
  http!: HttpHarness;
  readonly #earlier: string[] = [];

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env;
  }

  async begin(startAt = T): Promise<void> {
    const env = { DATABASE_URL: `sqlite:${join(folder, "test.db")}`, ...PATIENT, ...this.#env };
    this.http = await startHttpHarness({
      env,
      startAt,
      onDisk: true,
      folder,
      channel: { inPlace: ["edit", "answer"] },
    });
  }

  /** Goes on to this instant. */
  async at(instant: number): Promise<void> {
    await this.http.clock.advance(instant - this.http.clock.now());
    await this.http.settle();
  }

  /** @param beginsAt when the next server starts. @defaultValue at once */
  async restart(beginsAt?: number): Promise<void> {
    this.#earlier.push(...this.#titles());
    const ended = new AbortController();
    const stopping = this.http.server.stop().then(() => ended.abort());
    // In small steps: what is written takes real time, and is given up after a while of the clock's.
    while (!ended.signal.aborted) await this.at(this.http.clock.now() + 10);
    await stopping;
    await this.begin(beginsAt ?? this.http.clock.now());
  }

  async plant(name: string, preferences: object): Promise<{ readonly id: string; soil(value: number): Promise<void> }> {
    const id = await this.http.newPlant({ ...MONSTERA, name });
    const device = await this.http.newDevice({ plant_id: id });
    const set = await this.http.call("PUT", `/api/plants/${id}/preferences`, preferences);
    expect(set.status).toBe(200);
    const soil = async (value: number): Promise<void> => {
      await this.http.committed(this.http.call("POST", `/api/devices/${device}/telemetry`, { soil_moisture: value }));
    };
    return { id, soil };
  }

  told(): readonly string[] {
    return [...this.#earlier, ...this.#titles()];
  }

  /** What people have read by now, and no more than that. */
  async reads(...titles: readonly string[]): Promise<void> {
    await this.soon(() => this.told()).toEqual(titles);
    await this.at(this.http.clock.now() + 5);
    expect(this.told()).toEqual(titles);
  }

  /** A disk takes its own time, and what is written behind waits a moment of the clock's. */
  soon<Seen>(look: () => Seen | Promise<Seen>) {
    return expect.poll(async () => {
      await this.at(this.http.clock.now() + 5);
      return look();
    });
  }

  async alert(plant: { readonly id: string }): Promise<Detail> {
    const { items } = (await this.http.call<Page>("GET", `/api/alerts?plant_id=${plant.id}`)).json;
    return (await this.http.call<Detail>("GET", `/api/alerts/${items[0]!.id}`)).json;
  }

  #titles(): readonly string[] {
    return this.http.told().map(({ title }) => title ?? "");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.http[Symbol.asyncDispose]();
  }
}

async function begin(env: Readonly<Record<string, string>>, startAt?: number): Promise<void> {
  story = new Story(env);
  await story.begin(startAt);
}

const NIGHT = { quiet_hours: ["22:00-07:00 UTC"] };

describe("in the quiet hours of a plant", () => {
  it("its alerts wait and are told in one summary when they end; others are told at once", async () => {
    await begin(RECOVERIES, T - HOUR);
    const fern = await story.plant("Fern", NIGHT);
    const monstera = await story.plant("Monstera", NIGHT);
    const cactus = await story.plant("Cactus", {});
    await fern.soil(10);
    await story.at(T);
    await monstera.soil(10);
    await cactus.soil(10);
    await story.reads("Plant Alert: Cactus");
    expect(await story.alert(fern)).toMatchObject({
      told: [{ reason: "fired", delivery: { status: "deferred" } }],
      held_back: [],
    });
    await story.at(T + 5 * HOUR);
    await fern.soil(50);
    await story.at(T + 7 * HOUR - 1_000);
    await story.reads("Plant Alert: Cactus");
    await story.at(T + 7 * HOUR);
    const summary = "While it was quiet: 2 fired, 1 recovered, 1 still open";
    await story.reads("Plant Alert: Cactus", summary);
    const folded = { delivery: { status: "folded" } };
    await story.soon(() => story.alert(fern)).toMatchObject({ told: [{ reason: "resolved", ...folded }, folded] });
    await story.at(T + 8 * HOUR);
    await monstera.soil(50);
    await story.reads("Plant Alert: Cactus", summary, "Plant Recovered: Monstera");
  });

  it("what is critical goes at once, and so does its end", async () => {
    await begin(RECOVERIES);
    const metrics = { soil_moisture: { severity: "critical" } };
    const fern = await story.plant("Fern", { ...NIGHT, metrics });
    await fern.soil(10);
    await story.reads("Plant Alert: Fern");
    await fern.soil(50);
    await story.reads("Plant Alert: Fern", "Plant Recovered: Fern");
  });

  it("an end turns the message of its beginning green at once, where messages are changed: nobody hears that", async () => {
    await begin({ ...RECOVERIES, DISCORD_RECOVERY: "edit" }, T - 3 * HOUR);
    const fern = await story.plant("Fern", NIGHT);
    await fern.soil(10);
    await story.reads("Plant Alert: Fern");
    await story.at(T);
    await fern.soil(50);
    await story.reads("Plant Alert: Fern", "Resolved: Plant Alert: Fern");
    await story.at(T + 8 * HOUR);
    await story.reads("Plant Alert: Fern", "Resolved: Plant Alert: Fern");
    await story.soon(() => story.alert(fern)).toMatchObject({ told: [{ delivery: { status: "delivered" } }, {}] });
  });

  it("a restart forgets nothing, and tells nothing twice", async () => {
    await begin(RECOVERIES);
    const fern = await story.plant("Fern", NIGHT);
    await fern.soil(10);
    await story.restart();
    expect(await story.alert(fern)).toMatchObject({ told: [{ delivery: { status: "deferred" } }] });
    await story.at(T + 7 * HOUR);
    await story.reads("While it was quiet: 1 fired, 0 recovered, 1 still open");
    await story.restart();
    await story.at(T + 30 * HOUR);
    await story.reads("While it was quiet: 1 fired, 0 recovered, 1 still open");
    await story.soon(() => story.alert(fern)).toMatchObject({ told: [{ delivery: { status: "folded" } }] });
  });

  it("that end while no server runs, what has waited is told by the next one, and known as told", async () => {
    await begin(RECOVERIES);
    const fern = await story.plant("Fern", NIGHT);
    await fern.soil(10);
    await story.restart(T + 9 * HOUR);
    await story.reads("While it was quiet: 1 fired, 0 recovered, 1 still open");
    await story.soon(() => story.alert(fern)).toMatchObject({ told: [{ delivery: { status: "folded" } }] });
  });

  it("what is over by their end is told as over also where ends are not told otherwise", async () => {
    await begin({});
    const fern = await story.plant("Fern", NIGHT);
    await fern.soil(10);
    await fern.soil(50);
    await story.at(T + 7 * HOUR);
    const summary = "While it was quiet: 1 fired, 1 recovered, 0 still open";
    await story.reads(summary);
    await fern.soil(10);
    await fern.soil(50);
    await story.reads(summary, "Plant Alert: Fern");
  });

  it("what waits already follows a change of them, also over a restart", async () => {
    await begin(RECOVERIES);
    const [fern, cactus] = [await story.plant("Fern", NIGHT), await story.plant("Cactus", NIGHT)];
    await fern.soil(10);
    await cactus.soil(10);
    const prefer = (id: string, preferences: object) =>
      story.http.committed(story.http.call("PUT", `/api/plants/${id}/preferences`, preferences));
    await prefer(cactus.id, { quiet_hours: ["22:00-09:00 UTC"] });
    await story.restart();
    await story.at(T + HOUR);
    await prefer(fern.id, {});
    const summary = "While it was quiet: 1 fired, 0 recovered, 1 still open";
    await story.reads(summary);
    await story.at(T + 9 * HOUR - 1_000);
    await story.reads(summary);
    await story.at(T + 9 * HOUR);
    await story.reads(summary, summary);
  });

  it("explain says until when, by the label of the plant and over HTTP and in history", async () => {
    await begin({});
    const fern = await story.plant("Fern", NIGHT);
    const until = new Date(T + 7 * HOUR).toISOString();
    const sample = { labels: { plant_id: fern.id } };
    const explained = await story.http.call("POST", "/api/routes/explain", sample);
    const deferred = [{ channel: "default", until, by: "notification" }];
    expect(explained.json).toMatchObject({ to: [], deferred, because: "deferred" });
    const body = { title: "Watered", quiet_hours: ["22:00-07:00 UTC"] };
    const accepted = await story.http.committed(
      story.http.call<{ readonly id: string }>("POST", "/api/notifications", body),
    );
    const kept = await story.http.call("GET", `/api/notifications/${accepted.json.id}`);
    expect(kept.json).toMatchObject({ status: "waiting", routing: { deferred } });
  });
});

describe.each([
  // Berlin, at 23:00 of the evening before: an hour ahead of UTC in winter, two in summer.
  { change: "forward, in a night of eight hours", evening: Date.UTC(2026, 2, 28, 22), hours: 7 },
  { change: "back, in a night of ten hours", evening: Date.UTC(2026, 9, 24, 21), hours: 9 },
])("when the clocks are put $change", ({ evening, hours }) => {
  it("the summary comes when they show the time", async () => {
    await begin({}, evening);
    const fern = await story.plant("Fern", { quiet_hours: ["22:00-07:00 Europe/Berlin"] });
    await fern.soil(10);
    await story.at(evening + hours * HOUR - 1_000);
    await story.reads();
    await story.at(evening + hours * HOUR);
    await story.reads("While it was quiet: 1 fired, 0 recovered, 1 still open");
  });
});
