/**
 * Writes notifications as text to the console, or to wherever else a line of text can go. For development, and as the
 * channel of last resort: a pipe that nobody reads any more is a failure like any other, and never an exception.
 */
import type { Channel, ChannelCheck, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import { renderText } from "../../message/text.ts";
import { CLOSED, checkedHere, DELIVERED_HERE, errorCode, failedHere, type LocalFailure } from "../local-outcome.ts";

export interface ConsoleChannelOptions {
  /** Takes one notification as text, without a line break at its end. @defaultValue console.log */
  readonly write?: (text: string) => unknown;
}

export function createConsoleChannel({ write = console.log }: ConsoleChannelOptions = {}): Channel {
  /** Why nothing can be written now, as far as the last attempt showed. */
  let failure: LocalFailure | null = null;
  let closed = false;

  async function send({ notifications }: SendRequest): Promise<SendOutcome> {
    if (closed) return failedHere(CLOSED);
    try {
      for (const notification of notifications) await write(renderText(notification));
      failure = null;
      return DELIVERED_HERE;
    } catch (error) {
      const code = errorCode(error);
      const why =
        code === "EPIPE" ? "nobody reads the console's output any more" : `it failed with ${code || "an error"}`;
      failure = { kind: "unavailable", code: "console", message: `Could not write to the console: ${why}.` };
      return failedHere(failure);
    }
  }

  async function check(): Promise<ChannelCheck> {
    return checkedHere(closed ? CLOSED : failure, "console");
  }

  async function close(): Promise<void> {
    closed = true;
  }

  return { kind: "console", label: "console", limits: { egress: null, pool: null, bucket: null }, send, check, close };
}
