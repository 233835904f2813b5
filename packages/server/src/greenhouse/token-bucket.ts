/** How often one device may report. Pure but for the bucket it is handed. */

export interface TokenBucket {
  tokens: number;
  filledAt: number;
}

export interface RateLimit {
  readonly perSecond: number;
  /** How much may come at once after a rest. */
  readonly burst: number;
}

export function fullBucket({ burst }: RateLimit, now: number): TokenBucket {
  return { tokens: burst, filledAt: now };
}

/** Takes one token, or says that there is none. */
export function takeToken(bucket: TokenBucket, { perSecond, burst }: RateLimit, now: number): boolean {
  const passedMs = Math.max(0, now - bucket.filledAt);
  bucket.tokens = Math.min(burst, bucket.tokens + (passedMs * perSecond) / 1_000);
  bucket.filledAt = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
