/** Gets the form out of a request's body: JSON, URL-encoded, or multipart. */
import { ATTACHMENTS_MAX, FILE_BYTES_MAX } from "../form/limits.ts";
import { type Answer, BAD_REQUEST, INVALID_JSON, invalidForm, TOO_LARGE, TOO_MANY_FILES } from "../http/answer.ts";
import { isMultipart, type Multipart, type UploadedFile } from "./multipart.ts";

export type ReadForm =
  | { readonly kind: "form"; readonly value: unknown; readonly files: readonly UploadedFile[] }
  | { readonly kind: "refused"; readonly answer: Answer };

const ACCEPTED = "'application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'";

/** The parts of a request that hold its form. */
export interface FormSource {
  readonly contentType: string;
  readonly bytes: Buffer;
  /** The parts, when the body is multipart; null when it only claims to be. */
  readonly multipart: Multipart | null;
}

export function readForm(call: FormSource): ReadForm {
  if (isMultipart(call.contentType)) return readParts(call);
  switch (call.contentType.split(";", 1)[0]!.trim().toLowerCase()) {
    case "application/json":
      return parseJson(call.bytes.toString("utf8"));
    case "application/x-www-form-urlencoded":
      return readFields(Object.fromEntries(new URLSearchParams(call.bytes.toString("utf8"))), []);
    default: {
      const message = `Expected "Content-Type" header to be one of {${ACCEPTED}}.`;
      return refused(invalidForm([{ path: [], code: "CONTENT_TYPE_INVALID", message }]));
    }
  }
}

function readParts({ multipart }: FormSource): ReadForm {
  if (multipart === null) return refused(BAD_REQUEST);
  const { fields, files } = multipart;
  if (files.length > ATTACHMENTS_MAX) return refused(TOO_MANY_FILES);
  if (files.some(({ bytes }) => bytes.length > FILE_BYTES_MAX)) return refused(TOO_LARGE);
  return readFields(fields, files);
}

/** `payload_json` stands for all the other fields. */
function readFields(fields: Readonly<Record<string, string>>, files: readonly UploadedFile[]): ReadForm {
  const source = fields["payload_json"];
  if (source === undefined) return { kind: "form", value: fields, files };
  const parsed = parseJson(source);
  if (parsed.kind === "form") return { ...parsed, files };
  const message = 'Expected "payload_json" to be a valid JSON string.';
  return refused(invalidForm([{ path: ["payload_json"], code: "INVALID_JSON", message }]));
}

function parseJson(source: string): ReadForm {
  try {
    return { kind: "form", value: JSON.parse(source), files: [] };
  } catch {
    return refused(INVALID_JSON);
  }
}

function refused(answer: Answer): ReadForm {
  return { kind: "refused", answer };
}
