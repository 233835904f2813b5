/** The measured weather that the devices replay: two of the files in the package `vega-datasets`, read without loading the rest of it. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Point, parseSeries } from "./series.ts";

export type Station = "seattle" | "new-york" | "seattle-hourly";

/** Measured day by day from 2012 to 2015 (NOAA Climate Data Online). */
const DAILY = {
  timeColumn: "date",
  metrics: {
    temp_min: "lowest_temperature",
    temp_max: "highest_temperature",
    wind: "wind_speed",
    precipitation: "precipitation",
  },
};

const require = createRequire(import.meta.url);

const FILES = {
  seattle: { file: "weather.csv", shape: { ...DAILY, where: { location: "Seattle" } } },
  "new-york": { file: "weather.csv", shape: { ...DAILY, where: { location: "New York" } } },
  /** For each hour of a year the mean of 1981 to 2010 (NOAA Climate Normals). */
  "seattle-hourly": {
    file: "seattle-weather-hourly-normals.csv",
    shape: {
      timeColumn: "date",
      metrics: { temperature: "temperature", pressure: "air_pressure", wind: "wind_speed" },
    },
  },
} as const;

/** @throws Error when the package is not installed or a file is another than expected */
export async function readStation(station: Station): Promise<Point[]> {
  const { file, shape } = FILES[station];
  const entry = require.resolve("vega-datasets");
  const csv = await readFile(join(dirname(entry), "..", "data", file), "utf8");
  return parseSeries(csv, shape);
}
