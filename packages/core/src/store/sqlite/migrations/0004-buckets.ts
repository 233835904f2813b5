/** The remote's own name for the limit that a try counted against. */
export const buckets = `
alter table attempts add column bucket text;
`;
