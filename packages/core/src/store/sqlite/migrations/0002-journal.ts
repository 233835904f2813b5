/**
 * What has been accepted or has ended of late, in short, until it is in its tables: see journal.ts.
 */
export const journal = `
-- writes: those of one commit, as a JSON array.
create table journal (
  seq integer primary key,
  writes text not null
) strict;
`;
