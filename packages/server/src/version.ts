/** The version of this package. */
import { readFileSync } from "node:fs";

/** As the manifest says, which lies beside `src` as it lies beside `dist`. */
export function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return (manifest as { readonly version: string }).version;
}
