/** What has come to a list since the last look. */
export function newcomersTo<Item>(list: readonly Item[]): () => readonly Item[] {
  let seen = 0;
  return () => {
    if (seen === list.length) return [];
    const fresh = list.slice(seen);
    seen = list.length;
    return fresh;
  };
}
