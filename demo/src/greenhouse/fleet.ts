/** All devices together: enlists them at the server, and lets measured time pass for them. */
import type { Clock, Timer } from "@tocsin/core/stages";
import { createReplay } from "../series/replay.ts";
import { readStation } from "../series/weather.ts";
import type { Plan } from "../settings/plan.ts";
import type { Api } from "./api.ts";
import { CAST, type CastMember } from "./cast.ts";
import { createDevice, type Device } from "./device.ts";
import type { Tally } from "./tally.ts";

export interface FleetOptions {
  readonly api: Api;
  readonly brokerUrl: string;
  readonly clock: Clock;
  readonly plan: Plan;
  readonly tally: Tally;
}

export interface Fleet {
  start(): void;
  /** @throws Error when there is no such device */
  device(id: string): Device;
  /** Waits for acknowledgements and disconnects. */
  stop(): Promise<void>;
}

const TICK_MS = 100;
/** A machine that has slept goes on where it was: what it missed is skipped. */
const LONGEST_STEP_MS = 1_000;

/** @throws Error when the server or the broker refuses something */
export async function enlistFleet(options: FleetOptions): Promise<Fleet> {
  const { clock, plan, tally } = options;
  const devices = await Promise.all(CAST.map((member) => enlist(member, options)));
  const vanishAll = () => Promise.all(devices.map((device) => device.vanish()));
  try {
    await Promise.all(devices.map((device) => device.connect()));
  } catch (error) {
    await vanishAll();
    throw error;
  }
  let timer: Timer | null = null;
  let lastAt = clock.now();

  function tick(): void {
    const now = clock.now();
    const passedMs = Math.min(now - lastAt, LONGEST_STEP_MS);
    lastAt = now;
    const measuredMs = (passedMs / 1_000) * plan.measuredMsPerSecond;
    tally.passed(measuredMs);
    for (const device of devices) device.pass(measuredMs);
    timer = clock.schedule(now + TICK_MS, tick);
  }

  return {
    start() {
      lastAt = clock.now();
      tick();
    },
    device(id) {
      const found = devices.find((device) => device.id === id);
      if (found === undefined) throw new Error(`There is no device ${id}.`);
      return found;
    },
    async stop() {
      timer?.cancel();
      await vanishAll();
    },
  };
}

async function enlist(member: CastMember, { api, brokerUrl, clock, plan, tally }: FleetOptions): Promise<Device> {
  const [credentials, points] = await Promise.all([api.enlist(member), readStation(member.station)]);
  return createDevice({
    id: member.deviceId,
    brokerUrl,
    credentials,
    replay: createReplay(points, Date.parse(member.from)),
    clock,
    heartbeatMs: plan.heartbeatMs,
    onSent: (point) => tally.sent(member, point, clock.now()),
    onAcknowledged: tally.acknowledged,
  });
}
