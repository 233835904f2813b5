/** `DATABASE_URL`: which database, and where. Pure. */

export type DatabaseLocation =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly problem: string };

/** Understands `sqlite:./file`, `sqlite:/file`, `sqlite:///file`, `sqlite::memory:` and plain paths. */
export function parseDatabaseUrl(url: string): DatabaseLocation {
  const [, scheme = null, rest = url] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? [];
  if (scheme !== null && /^postgres/i.test(scheme)) {
    return {
      ok: false,
      problem: "names PostgreSQL, which this version does not support yet; use sqlite:./data/tocsin.db",
    };
  }
  if (scheme !== null && scheme.toLowerCase() !== "sqlite" && scheme.toLowerCase() !== "file") {
    return { ok: false, problem: `has the unknown scheme ${scheme}:; use sqlite:./data/tocsin.db` };
  }
  const path = rest.startsWith("///") ? rest.slice(2) : rest;
  if (path === "" || path.startsWith("//")) return { ok: false, problem: "names no file; use sqlite:./data/tocsin.db" };
  return { ok: true, path };
}
