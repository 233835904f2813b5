/** The destinations of every simulated run. */
export const LANES = ["errors", "news", "pager"] as const;
export type LaneName = (typeof LANES)[number];
