/**
 * The query of a destination's URL as people write it: a plus sign is a plus sign, as in base64 and in `ops+alerts@example.org`,
 * and not a space as in forms. Pure.
 */
export function literalQuery({ search }: URL): URLSearchParams {
  return new URLSearchParams(search.replaceAll("+", "%2B"));
}
