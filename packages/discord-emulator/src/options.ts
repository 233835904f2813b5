/** What the emulator can be told at its start. */
import type { Limits } from "./limit/limits.ts";
import type { Clock } from "./time/clock.ts";

export interface EmulatorOptions {
  /** 0 takes a free one. @defaultValue 0 */
  readonly port?: number;
  /** Anything but a loopback address lets others in: the emulator has no passwords. @defaultValue "127.0.0.1" */
  readonly host?: string;
  /** Limits other than Discord's; `null` lifts one. @defaultValue {@link DEFAULT_LIMITS} */
  readonly limits?: Partial<Limits>;
  /** Refuse messages without explicit `allowed_mentions` and record them as violations. @defaultValue false */
  readonly strict?: boolean;
  /** Speak HTTPS with this key and certificate (PEM). @defaultValue plain HTTP */
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
  /** Seed of the chance by which faults with a probability strike. @defaultValue 1 */
  readonly seed?: number;
  /** Messages kept per channel and per thread; the oldest go first. @defaultValue 10_000 */
  readonly messagesPerChannel?: number;
  /** Requests kept in the log; the oldest go first. @defaultValue 10_000 */
  readonly requestsKept?: number;
  /** Bytes of uploaded files kept in all; the oldest go first. @defaultValue 268_435_456 (256 MiB) */
  readonly fileBytes?: number;
  /** The name the page shows for the server. @defaultValue "Emulated server" */
  readonly guildName?: string;
  /** How often a bot may identify in a day; once more, and it loses its token. @defaultValue 1_000 */
  readonly identifiesPerDay?: number;
}

export type FilledOptions = Required<Omit<EmulatorOptions, "clock" | "limits" | "tls">>;

export const DEFAULT_OPTIONS: FilledOptions = Object.freeze({
  port: 0,
  host: "127.0.0.1",
  strict: false,
  seed: 1,
  messagesPerChannel: 10_000,
  requestsKept: 10_000,
  fileBytes: 256 * 1024 * 1024,
  guildName: "Emulated server",
  identifiesPerDay: 1_000,
});

/** @throws RangeError naming the option that is out of range. */
export function fillOptions(options: EmulatorOptions): FilledOptions {
  const filled = { ...DEFAULT_OPTIONS, ...options };
  for (const name of ["messagesPerChannel", "requestsKept", "fileBytes", "identifiesPerDay"] as const) {
    if (!Number.isInteger(filled[name]) || filled[name] < 1) {
      throw new RangeError(`${name} must be a whole number from 1, got ${filled[name]}`);
    }
  }
  return filled;
}
