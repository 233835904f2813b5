import { expect, it } from "vitest";
import { fileFailure } from "./file-failure.ts";

it.each([
  ["EACCES", "misconfigured", "file-eacces", /may not write there: change the file's permissions/],
  ["EROFS", "misconfigured", "file-erofs", /read-only/],
  ["EDQUOT", "unavailable", "file-edquot", /quota/],
  ["EIO", "unavailable", "file-eio", /failed with EIO/],
  ["", "unavailable", "file", /failed with an error/],
])("%s is %s", (code, kind, ...[shortCode, sentence]) => {
  const failure = fileFailure(code, "/var/log/alerts");
  expect(failure).toMatchObject({ kind, code: shortCode, message: expect.stringMatching(sentence) });
  expect(failure.message).toContain("/var/log/alerts");
});
