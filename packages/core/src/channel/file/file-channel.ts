/**
 * Appends notifications to a file, as lines of JSON or as text. The file is opened anew for each send, so it may be rotated
 * or deleted at any time, and its folder is made when it is missing.
 */
import { appendFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Channel, ChannelCheck, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import { CLOSED, checkedHere, DELIVERED_HERE, errorCode, failedHere, type LocalFailure } from "../local-outcome.ts";
import { fileFailure } from "./file-failure.ts";
import { makeFolder } from "./folder.ts";
import { FILE_FORMATS, type FileFormat } from "./line.ts";

export interface FileChannelOptions {
  readonly path: string;
  /** `ndjson`: one JSON object per line and notification. `text`: for reading. @defaultValue "ndjson" */
  readonly format?: FileFormat;
}

export function createFileChannel({ path, format = "ndjson" }: FileChannelOptions): Channel {
  const toLine = FILE_FORMATS[format];
  /** A write broke off, perhaps in the middle of a line. */
  let torn = false;
  let closed = false;
  /** Writes follow each other, so that the lines of two sends never mix. */
  let last: Promise<unknown> = Promise.resolve();

  function append(toText: () => string): Promise<LocalFailure | null> {
    const done = last.then(async () => {
      if (closed) return CLOSED;
      let text = "";
      try {
        text = toText();
        await appendMakingFolder(path, torn && text !== "" ? `\n${text}` : text);
        torn &&= text === "";
        return null;
      } catch (error) {
        torn ||= text !== "";
        return fileFailure(errorCode(error), path);
      }
    });
    last = done;
    return done;
  }

  async function send({ notifications }: SendRequest): Promise<SendOutcome> {
    const failure = await append(() => notifications.map((one) => `${toLine(one)}\n`).join(""));
    return failure === null ? DELIVERED_HERE : failedHere(failure);
  }

  async function check(): Promise<ChannelCheck> {
    return checkedHere(await append(() => ""), `file ${path}`);
  }

  async function close(): Promise<void> {
    closed = true;
    await last;
  }

  return {
    kind: "file",
    label: `file ${path}`,
    limits: { egress: null, pool: null, bucket: null },
    send,
    check,
    close,
  };
}

async function appendMakingFolder(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    makeFolder(dirname(path));
    await appendFile(path, text);
  }
}
