/**
 * Ways to tell a refused message otherwise: plainer, or in another place. A channel that was refused names the next one to try, delivery remembers which
 * have been taken, and rendering obeys them.
 */

/**
 * Mildest first. `anew`: in a message of its own, because the one that it was to change or to stand with is gone, or may not be
 * changed any more. `as-post`: as a post of its own, because the channel turns out to be a forum. `text-only`: no embed, one text that every destination takes.
 */
export const DEGRADE_STEPS = [
  "anew",
  "as-post",
  "without-tags",
  "without-username",
  "without-links",
  "without-files",
  "text-only",
] as const;
export type DegradeStep = (typeof DEGRADE_STEPS)[number];
