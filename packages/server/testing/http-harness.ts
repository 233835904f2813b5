/** The whole server behind its HTTP interface, on a virtual clock, for tests of routes. */
import type { Notification } from "@tocsin/core";
import { createVirtualClock, type VirtualClock } from "@tocsin/core/testing";
import { T } from "./samples.ts";
import { startTestApp, type TestApp, type TestAppOptions } from "./test-app.ts";

export const MONSTERA = {
  name: "Monstera",
  species: "deliciosa",
  thresholds: { soil_moisture: { min: 20.0, max: 80.0 } },
};

export interface Named {
  readonly id: string;
}

export interface Page<Item = Named> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

export interface HttpHarness extends AsyncDisposable {
  readonly server: TestApp;
  readonly call: TestApp["call"];
  readonly clock: VirtualClock;
  /** What was asked to be told, oldest first. */
  told(): readonly Notification[];
  /** The clock's time as the API tells it. */
  now(): string;
  /** Both give back the id. */
  newPlant(body?: object): Promise<string>;
  newDevice(body?: object): Promise<string>;
  /** Waits for a request that waits for the journal, whose timer is the clock's. */
  committed<Result>(work: Promise<Result>): Promise<Result>;
  /** Lets everything happen that needs no time. */
  settle(): Promise<void>;
}

/** A commit, a send and the commit of its verdict take a few turns of the event loop each. */
const TURNS = 10;
/** As long as the server takes at most. */
const STOP_MS = 10_000;

export interface HttpHarnessOptions extends Omit<TestAppOptions, "clock"> {
  /** Keeps the database in the folder; a disk takes its own time, so that `settle()` may come too soon. @defaultValue false */
  readonly onDisk?: boolean;
  /** @defaultValue T */
  readonly startAt?: number;
}

export async function startHttpHarness({
  onDisk = false,
  startAt = T,
  ...options
}: HttpHarnessOptions = {}): Promise<HttpHarness> {
  const clock = createVirtualClock({ startAt });
  // The emulated minutes are few, the requests are many: a limit of one's own would only be in the way.
  const env = { DISCORD_RATE_LIMIT: "100000", ...(!onDisk && { DATABASE_URL: "sqlite::memory:" }), ...options.env };
  const server = await startTestApp({ clock, ...options, env });
  const { call } = server;

  async function settle(): Promise<void> {
    for (let i = 0; i < TURNS; i++) await clock.settle();
  }

  return {
    server,
    call,
    clock,
    settle,
    told: server.told,
    now: () => new Date(clock.now()).toISOString(),
    newPlant: async (body = MONSTERA) => (await call<Named>("POST", "/api/plants", body)).json.id,
    newDevice: async (body) => (await call<Named>("POST", "/api/devices", body)).json.id,
    async committed(work) {
      // A few real turns first: the request has to arrive before there is something to write.
      await settle();
      await clock.advance(5);
      const answer = await work;
      // What became of an alert is written after it was sent.
      await settle();
      await clock.advance(5);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      const ended = server[Symbol.asyncDispose]();
      // What cannot be sent is waited for, on the clock.
      await clock.advance(STOP_MS);
      await ended;
    },
  };
}
