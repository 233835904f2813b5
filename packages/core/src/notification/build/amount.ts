/** Numbers as people write them. Pure. */

/** Beyond these digits a number shows how computers store it (0.30000000000000004), not what was measured. */
const SIGNIFICANT_DIGITS = 12;
/** Units that stand right behind their number. */
const CLOSE_UNIT = /^[%°′″]/;

/** `93.5%`, `12 ms`; a text stays as it is. */
export function amount(value: number | string, unit = ""): string {
  const text = typeof value === "number" ? String(Number(value.toPrecision(SIGNIFICANT_DIGITS))) : value;
  return unit === "" || CLOSE_UNIT.test(unit) ? `${text}${unit}` : `${text} ${unit}`;
}

/** `1:02:03`, `4:05`. */
export function playingTime(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000));
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first, ...others] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...others.map((part) => String(part).padStart(2, "0"))].join(":");
}
