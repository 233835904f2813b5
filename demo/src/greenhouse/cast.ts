/** Who plays: the plants with their limits, and the devices with the weather that each has measured. */
import type { Station } from "../series/weather.ts";

export interface CastMember {
  readonly deviceId: string;
  readonly plantName: string;
  readonly species: string;
  readonly thresholds: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;
  readonly station: Station;
  /** First day that is replayed, chosen so that a limit is crossed some days later. */
  readonly from: string;
}

/** The device that falls silent in each telling of the story. */
export const SILENT_DEVICE = "garden-new-york";

export const CAST: readonly CastMember[] = [
  {
    deviceId: "rooftop-seattle",
    plantName: "Tomatoes",
    species: "Solanum lycopersicum",
    thresholds: { temperature: { min: 8, max: 22 } },
    station: "seattle-hourly",
    from: "2010-07-03",
  },
  {
    deviceId: "garden-seattle",
    plantName: "Fig tree",
    species: "Ficus carica",
    thresholds: { lowest_temperature: { min: 0 }, highest_temperature: { max: 30 } },
    station: "seattle",
    from: "2012-01-03",
  },
  {
    deviceId: SILENT_DEVICE,
    plantName: "Rose bed",
    species: "Rosa",
    thresholds: { lowest_temperature: { min: -5 }, highest_temperature: { max: 33 } },
    station: "new-york",
    from: "2012-01-06",
  },
];
