/**
 * Where the log goes: standard output, in the order of the lines, without keeping the server waiting for a slow reader. A log that cannot be written (a full
 * disk, a terminal that was closed) costs lines, and neither ends the server nor keeps it from ending; pino's own destination tries the
 * last lines for ever when the process exits.
 */
import { write as writeFile } from "node:fs";
import type { DestinationStream } from "pino";

const STDOUT = 1;
const RETRY_MS = 50;
/** What waits for a slow reader; beyond that lines are left out. */
const MOST_WAITING_BYTES = 8 * 1_024 * 1_024;

export type WriteBytes = (
  bytes: Uint8Array,
  done: (error: NodeJS.ErrnoException | null, written: number) => void,
) => void;

export interface LogOutputOptions {
  /** Writes as much as it can. @defaultValue to standard output */
  readonly write?: WriteBytes;
  /** Calls it after a moment. @defaultValue a timer */
  readonly later?: (again: () => void) => void;
}

export function createLogOutput({
  write = (bytes, done) => writeFile(STDOUT, bytes, done),
  later = (again) => void setTimeout(again, RETRY_MS),
}: LogOutputOptions = {}): DestinationStream {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let isWriting = false;

  function next(): void {
    isWriting = waiting.length > 0;
    const batch = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    if (isWriting) put(batch);
  }

  function put(bytes: Uint8Array): void {
    write(bytes, (error, written) => {
      if (error?.code === "EAGAIN") return later(() => put(bytes));
      const left = error === null ? bytes.subarray(written) : bytes.subarray(bytes.length);
      if (left.length > 0) put(left);
      else next();
    });
  }

  return {
    write(line) {
      const bytes = Buffer.from(line);
      if (waitingBytes + bytes.length > MOST_WAITING_BYTES) return;
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (!isWriting) next();
    },
  };
}
