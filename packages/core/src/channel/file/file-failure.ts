/** What a failed write to a file means, by the system's error code. Pure. */
import type { LocalFailure } from "../local-outcome.ts";

type Meaning = readonly [kind: LocalFailure["kind"], sentence: string];

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ["ENOSPC", ["unavailable", "the disk is full"]],
  ["EDQUOT", ["unavailable", "the disk quota is used up"]],
  ["EMFILE", ["unavailable", "this program has too many files open"]],
  ["ENFILE", ["unavailable", "the system has too many files open"]],
  [
    "EACCES",
    ["misconfigured", "this program may not write there: change the file's permissions or choose another path"],
  ],
  [
    "EPERM",
    ["misconfigured", "this program may not write there: change the file's permissions or choose another path"],
  ],
  ["EROFS", ["misconfigured", "the file system is read-only: choose another path"]],
  ["EISDIR", ["misconfigured", "that is a folder: name a file"]],
  ["ENOTDIR", ["misconfigured", "a part of the path is a file and not a folder: choose another path"]],
  ["EEXIST", ["misconfigured", "a part of the path is a file and not a folder: choose another path"]],
  ["ENAMETOOLONG", ["misconfigured", "the name is too long: choose a shorter path"]],
  ["ELOOP", ["misconfigured", "its symbolic links go round in a circle: choose another path"]],
  ["ERR_INVALID_ARG_VALUE", ["misconfigured", "that is not a path: choose another one"]],
]);

export function fileFailure(code: string, path: string): LocalFailure {
  const [kind, sentence] = MEANINGS.get(code) ?? ["unavailable", `it failed with ${code || "an error"}`];
  const shortCode = code === "" ? "file" : `file-${code.toLowerCase()}`;
  return { kind, code: shortCode, message: `Could not write to the file ${path}: ${sentence}.` };
}
