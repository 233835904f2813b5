/**
 * Ways to make a refused message plainer. A channel that was refused names the next one to try, delivery remembers which
 * have been taken, and rendering obeys them.
 */

/** Mildest first. `text-only`: no embed, one text that every destination takes. */
export const DEGRADE_STEPS = ["without-username", "without-links", "without-files", "text-only"] as const;
export type DegradeStep = (typeof DEGRADE_STEPS)[number];
