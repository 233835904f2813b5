/** The whole server behind its HTTP interface, on a virtual clock, for tests of routes. */
import { createVirtualClock, type VirtualClock } from "@tocsin/core/testing";
import { createRecordingSink, type RecordingSink } from "./recording-sink.ts";
import { T } from "./samples.ts";
import { startTestApp, type TestApp } from "./test-app.ts";

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
  readonly sink: RecordingSink;
  /** The clock's time as the API tells it. */
  now(): string;
  /** Both give back the id. */
  newPlant(body?: object): Promise<string>;
  newDevice(body?: object): Promise<string>;
  /** Waits for a request that waits for the journal, whose timer is the clock's. */
  committed<Result>(work: Promise<Result>): Promise<Result>;
}

export async function startHttpHarness(): Promise<HttpHarness> {
  const clock = createVirtualClock({ startAt: T });
  const sink = createRecordingSink();
  const server = await startTestApp({ clock, sink });
  const { call } = server;
  return {
    server,
    call,
    clock,
    sink,
    now: () => new Date(clock.now()).toISOString(),
    newPlant: async (body = MONSTERA) => (await call<Named>("POST", "/api/plants", body)).json.id,
    newDevice: async (body) => (await call<Named>("POST", "/api/devices", body)).json.id,
    async committed(work) {
      // A few real turns first: the request has to arrive before there is something to write.
      for (let i = 0; i < 5; i++) await clock.settle();
      await clock.advance(5);
      const answer = await work;
      // What became of an alert is written after it was sent.
      await clock.advance(5);
      return answer;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
