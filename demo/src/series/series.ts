/** What a device has measured: points in time order. Reading it from text is pure. */

export interface Point {
  /** As the file says it, in the station's own time: `2012-01-11` or `2010-07-01 15:00`. */
  readonly label: string;
  /** Epoch milliseconds of that, taken as UTC. */
  readonly at: number;
  /** By metric, as the device names it. */
  readonly values: Readonly<Record<string, number>>;
}

export interface SeriesFile {
  /** Name of the column that says when. */
  readonly timeColumn: string;
  /** The device's name of each measured column. */
  readonly metrics: Readonly<Record<string, string>>;
  /** Only rows with these values. */
  readonly where?: Readonly<Record<string, string>>;
}

/**
 * Reads comma-separated values with a header line. The files have neither quotes nor commas in their values.
 *
 * @throws Error naming the column that is missing
 */
export function parseSeries(csv: string, { timeColumn, metrics, where = {} }: SeriesFile): Point[] {
  const [header = "", ...rows] = csv.trim().split(/\r?\n/);
  const columns = header.split(",");
  const indexOf = (column: string): number => {
    const index = columns.indexOf(column);
    if (index === -1) throw new Error(`There is no column "${column}", only ${columns.join(", ")}.`);
    return index;
  };
  const timeIndex = indexOf(timeColumn);
  const wanted = Object.entries(metrics).map(([column, metric]) => [metric, indexOf(column)] as const);
  const filters = Object.entries(where).map(([column, value]) => [indexOf(column), value] as const);
  return rows
    .map((row) => row.split(","))
    .filter((cells) => filters.every(([index, value]) => cells[index] === value))
    .map((cells) => toPoint(cells[timeIndex] ?? "", wanted, cells));
}

function toPoint(time: string, wanted: readonly (readonly [string, number])[], cells: readonly string[]): Point {
  const label = time.replace("T", " ").replace(/:00$/, "");
  const at = Date.parse(time.includes("T") ? `${time}Z` : `${time}T00:00Z`);
  return { label, at, values: Object.fromEntries(wanted.map(([metric, index]) => [metric, Number(cells[index])])) };
}
