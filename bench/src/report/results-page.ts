/** The results page: a head, and one section per scenario. Sections of scenarios that did not run stay as they are. Pure. */

const HEAD = `# Measurements

Written by \`npm run bench\`, which measures all scenarios, or those that are named. Everything is measured side by side in one
run; judge by the ratios, which travel between machines better than the figures do.
`;

/**
 * The page with the given sections in it.
 *
 * @param page as it is now; empty when there is none
 * @param titles of all scenarios, in the order in which they are to stand
 * @param fresh new sections by title
 */
export function updatePage(page: string, titles: readonly string[], fresh: ReadonlyMap<string, string>): string {
  const kept = new Map(
    page
      .split(/^(?=## )/m)
      .filter((part) => part.startsWith("## "))
      .map((section) => [section.slice("## ".length, section.indexOf("\n")), section] as const),
  );
  const sections = titles.flatMap((title) => fresh.get(title) ?? kept.get(title) ?? []);
  return `${[HEAD, ...sections.map((section) => `${section.trimEnd()}\n`)].join("\n")}`;
}
