/** A rendered message as the body of a request. Pure. */
import { FormData } from "undici";
import type { SendOutcome, SendRequest } from "../../delivery/channel.ts";
import type { AttachedFile } from "../../notification/notification.ts";
import { plainText } from "../plain-text.ts";

/** JSON alone, or a form with JSON and files. */
export function encodeMessage({
  body,
  files,
}: {
  readonly body: object;
  readonly files: readonly AttachedFile[];
}): string | FormData {
  const json = JSON.stringify(body);
  if (files.length === 0) return json;
  const form = new FormData();
  form.set("payload_json", json);
  files.forEach(({ name, data, contentType }, n) => {
    const type = contentType === null ? {} : { type: contentType };
    form.set(`files[${n}]`, new Blob([new Uint8Array(data)], type), name);
  });
  return form;
}

/** A fault of ours; a plainer form of the message may still go. */
export function notRendered(error: unknown, { degrade }: SendRequest): SendOutcome {
  const why = plainText(error instanceof Error ? error.message : String(error));
  return {
    kind: "rejected",
    degradeBy: degrade.includes("text-only") ? null : "text-only",
    error: { code: "not-rendered", message: `The message could not be put into Discord's form: ${why}.`, status: null },
    limits: null,
    countsAsInvalid: false,
  };
}
