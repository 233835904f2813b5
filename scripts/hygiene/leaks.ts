/**
 * What must not be in the repository because it is true of one machine only: addresses of package registries, and paths
 * of the machines that people and builds happened to use.
 *
 * Pure: texts are passed in. The patterns are written so that this file does not contain what it looks for.
 */

const LEAKS: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  {
    what: "a package registry",
    pattern: /\bregistry[.](?:npmjs|yarnpkg|npmmirror)[.]|\b(?:deb|snapshot)[.]debian[.]org/,
  },
  { what: "a package registry", pattern: /https?:[/]{2}registry[.]/ },
  { what: "a machine's path", pattern: /(?:^|[^\w.~/-])[/](?:work|home|root|Users)[/][\w.]/ },
  { what: "a machine's path", pattern: /[/]tmp[/][a-z]+_[a-z]+[./]/ },
];

/** `line: what` for each line of a text that holds such a thing. */
export function leaksIn(text: string): string[] {
  return text.split("\n").flatMap((line, index) =>
    LEAKS.filter(({ pattern }) => pattern.test(line))
      .slice(0, 1)
      .map(({ what }) => `${index + 1}: ${what}`),
  );
}

const SWITCHED_OFF = /biome[-]ignore|@ts-(?:ignore|nocheck)|\b(?:TODO|FIXME|XXX)\b/;

/** Numbers of the lines of a source that switch a check off, or that put something off to later. */
export function switchedOffIn(text: string): number[] {
  return text.split("\n").flatMap((line, index) => (SWITCHED_OFF.test(line) ? [index + 1] : []));
}

/** Places in a lock file that say where a package was downloaded: that belongs to one machine's settings. */
export function downloadedFrom(lockText: string): string[] {
  const { packages } = JSON.parse(lockText) as { packages: Record<string, { resolved?: string }> };
  return Object.entries(packages)
    .filter(([, { resolved }]) => resolved !== undefined && /^https?:/.test(resolved))
    .map(([place]) => place);
}
