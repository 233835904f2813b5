/** Gets the form out of a request's body: JSON, URL-encoded, or multipart. */
import { type Answer, INVALID_JSON, invalidForm } from "../http/answer.ts";
import type { Call } from "./call.ts";

export type ReadForm =
  | { readonly kind: "form"; readonly value: unknown }
  | { readonly kind: "refused"; readonly answer: Answer };

const ACCEPTED = "'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'";

export function readForm({ contentType, bytes }: Call): ReadForm {
  const type = contentType.split(";", 1)[0]!.trim().toLowerCase();
  switch (type) {
    case "application/json":
      return parseJson(bytes.toString("utf8"));
    case "application/x-www-form-urlencoded":
      return { kind: "form", value: Object.fromEntries(new URLSearchParams(bytes.toString("utf8"))) };
    default: {
      const message = `Expected "Content-Type" header to be one of {${ACCEPTED}}.`;
      return { kind: "refused", answer: invalidForm([{ path: [], code: "CONTENT_TYPE_INVALID", message }]) };
    }
  }
}

function parseJson(source: string): ReadForm {
  try {
    return { kind: "form", value: JSON.parse(source) };
  } catch {
    return { kind: "refused", answer: INVALID_JSON };
  }
}
