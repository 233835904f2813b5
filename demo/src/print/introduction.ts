/** The table at the start: what to open, what is shown, and which settings are other than a server's own. Pure. */
import { inWords } from "../settings/duration.ts";
import type { Plan } from "../settings/plan.ts";

export interface Addresses {
  readonly emulator: string;
  readonly http: string;
  readonly mqtt: string;
  /** Usual ports that something else has. */
  readonly taken: readonly number[];
}

export function introduce(addresses: Addresses, plan: Plan): (readonly [name: string, text: string])[] {
  const { emulator, http, mqtt, taken } = addresses;
  const { measuredMsPerSecond, offlineAfterMs, offlineCheckMs, cooldownMs, forMs } = plan;
  return [
    ["Discord", `${emulator}  the emulated channels, live: open this one`],
    [
      "Bot",
      "choose #monitoring there: say status, press the buttons under an alert, or use /status, /alerts, /ack and /silence",
    ],
    ["Server", `${http}/openapi.json  its HTTP interface`],
    ["", `${http}/health  how it is`],
    ["MQTT", mqtt],
    ...(taken.length > 0 ? [["Ports", portsTaken(taken)] as const] : []),
    [
      "Devices",
      "3 of them replay weather of Seattle and New York (NOAA: measured daily from 2012 on, and hourly means of 30 years): " +
        `1 s = ${inWords(measuredMsPerSecond)} of measurements`,
    ],
    [
      "Shortened",
      `offline after ${inWords(offlineAfterMs)} of silence (usually 180 s), looked at each ${inWords(offlineCheckMs)} (60 s); ` +
        `the same alert again after ${inWords(cooldownMs)} (1 h)`,
    ],
    ["End", forMs === null ? "Ctrl-C" : `by itself after ${inWords(forMs)}, or Ctrl-C`],
  ];
}

function portsTaken(taken: readonly number[]): string {
  const [first] = taken;
  if (taken.length === 1) return `${first} is in use by another program, so a free one was taken`;
  return `${taken.slice(0, -1).join(", ")} and ${taken.at(-1)} are in use by other programs, so free ones were taken`;
}
