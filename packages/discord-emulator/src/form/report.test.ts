import { expect, it } from "vitest";
import { type FormError, toErrorTree, toFlatErrors } from "./report.ts";

const errors: FormError[] = [
  { path: ["embeds", "0", "title"], code: "BASE_TYPE_MAX_LENGTH", message: "Must be 256 or fewer in length." },
  { path: ["embeds", "0", "color"], code: "NUMBER_TYPE_COERCE", message: 'Value "red" is not int.' },
  { path: ["embeds"], code: "BASE_TYPE_MAX_LENGTH", message: "Must be 10 or fewer in length." },
  { path: ["content"], code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." },
  { path: [], code: "CONTENT_TYPE_INVALID", message: "Expected another header." },
];

it("nests errors by key, positions as text, leaves in _errors", () => {
  expect(toErrorTree(errors)).toEqual({
    _errors: [{ code: "CONTENT_TYPE_INVALID", message: "Expected another header." }],
    embeds: {
      _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 10 or fewer in length." }],
      "0": {
        title: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 256 or fewer in length." }] },
        color: { _errors: [{ code: "NUMBER_TYPE_COERCE", message: 'Value "red" is not int.' }] },
      },
    },
    content: { _errors: [{ code: "BASE_TYPE_MAX_LENGTH", message: "Must be 2000 or fewer in length." }] },
  });
});

it("flattens them for old versions: bare keys of what is wrong below, _misc for the whole", () => {
  expect(toFlatErrors(errors)).toEqual({
    embeds: ["0", "Must be 10 or fewer in length."],
    content: ["Must be 2000 or fewer in length."],
    _misc: ["Expected another header."],
  });
});
