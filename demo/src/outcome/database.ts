/**
 * What is in the server's database after it has ended: read from the file itself, so that it is what has really been kept and
 * not what the server believes.
 */
import { DatabaseSync } from "node:sqlite";

export interface Kept {
  readonly readings: number;
  readonly alerts: readonly KeptAlert[];
}

/** What was found of alerts of a kind, by what became of it. */
export interface KeptAlert {
  readonly kind: "threshold" | "offline";
  /** `null` without a plant. */
  readonly plantName: string | null;
  /** As the history calls it; `not-sent`: held back by the cooldown. */
  readonly delivery: string;
  readonly count: number;
}

export function readDatabase(file: string): Kept {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const { readings } = database.prepare("select count(*) as readings from readings").get() as { readings: number };
    const rows = database
      .prepare("select kind, plant_name as plantName, delivery, count(*) as count from alert_records group by 1, 2, 3")
      .all() as unknown as KeptAlert[];
    return { readings, alerts: rows };
  } finally {
    database.close();
  }
}
