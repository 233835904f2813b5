/** A value of one metric, and the series it belongs to. */

/** All readings of one metric from one device while it served one plant. */
export interface Series {
  /** `null` until it is stored. */
  id: number | null;
  readonly deviceId: string;
  readonly plantId: string | null;
  readonly metric: string;
}

export interface NewReading {
  readonly series: Series;
  readonly at: number;
  readonly value: number;
}

/** As it is read back. */
export interface StoredReading {
  readonly deviceId: string;
  readonly metric: string;
  readonly at: number;
  readonly value: number;
  readonly position: ReadingPosition;
}

/** Where a reading stands in the order of time; together unique. */
export interface ReadingPosition {
  readonly at: number;
  readonly seriesId: number;
  readonly seq: number;
}

export interface ReadingQuery {
  readonly plantId: string;
  readonly metric?: string | undefined;
  readonly deviceId?: string | undefined;
  /** From this instant on. */
  readonly from?: number | undefined;
  /** Up to, and without, this instant. */
  readonly to?: number | undefined;
  /** Continue after this one. */
  readonly before: ReadingPosition | null;
  readonly limit: number;
}

/** What is kept of readings; implemented by `storage/`. Writing goes through the journal. */
export interface ReadingStore {
  series(): Promise<readonly Series[]>;
  /** Newest first. */
  list(query: ReadingQuery): Promise<readonly StoredReading[]>;
  /** Removes what is older, piece by piece as it is asked for: each time how many. */
  removeBefore(at: number): AsyncIterable<number>;
}
