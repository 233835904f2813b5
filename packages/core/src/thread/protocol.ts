/**
 * What the program's side and the thread say to each other: plain data, one message each way at a time.
 *
 * Upstream   thread-notifier.ts, on the program's side. Downstream host.ts, in the thread; its words come back as {@link FromThread}.
 */

import type { ChannelCheck } from "../delivery/channel.ts";
import type { DeliveryEvent } from "../delivery/events.ts";
import type { PauseOutcome, PauseRequest } from "../delivery/pause.ts";
import type { DeliveryResult } from "../delivery/result.ts";
import type { DeadLetterSelection } from "../history/dead-letters.ts";
import type { Notification, NotificationId } from "../notification/notification.ts";
import type { FlushOptions, FlushReport, NotifierStatus, ReplayReport } from "../notifier/api.ts";
import type { QuietHoursChange } from "../withhold/held-changes.ts";
import type { Silence, SilenceInput } from "../withhold/silence.ts";

/** What can be asked of the thread, and what it answers. */
export interface Questions {
  readonly flush: { readonly about: FlushOptions; readonly answer: FlushReport };
  readonly close: { readonly about: FlushOptions; readonly answer: FlushReport };
  readonly check: { readonly about: string | null; readonly answer: ReadonlyMap<string, ChannelCheck> };
  readonly pause: { readonly about: PauseRequest; readonly answer: PauseOutcome };
  readonly resume: { readonly about: Pick<PauseRequest, "destination">; readonly answer: PauseOutcome };
  readonly silence: { readonly about: SilenceInput; readonly answer: Silence };
  readonly unsilence: { readonly about: string; readonly answer: boolean };
  readonly "change-quiet-hours": { readonly about: QuietHoursChange; readonly answer: number };
  readonly remember: { readonly about: { readonly key: string; readonly value: unknown }; readonly answer: null };
  readonly forget: { readonly about: string; readonly answer: null };
  /** What is remembered under keys that begin so. */
  readonly recall: { readonly about: string; readonly answer: ReadonlyMap<string, unknown> };
  readonly replay: {
    readonly about: { readonly selection: DeadLetterSelection; readonly force: boolean };
    readonly answer: ReplayReport;
  };
}

export type Topic = keyof Questions;

export type Answer = Questions[Topic]["answer"];

/** One question of any topic. */
export type Question = { [T in Topic]: { readonly topic: T; readonly about: Questions[T]["about"] } }[Topic];

export type ToThread =
  /** `again`: an earlier thread may have taken it already. */
  | { readonly kind: "take"; readonly notification: Notification; readonly again: boolean }
  /** An earlier thread has put it into the store; whoever posted it still waits for the verdict. */
  | { readonly kind: "follow"; readonly id: NotificationId }
  | { readonly kind: "ask"; readonly call: number; readonly question: Question }
  | { readonly kind: "reset-rate-limits" }
  /** Somebody looks at the status. */
  | { readonly kind: "publish" }
  /** The process ends: sends what it can within that time, and lets the waiting program know. */
  | { readonly kind: "flush-at-exit"; readonly timeoutMs: number };

export type LogMethod = "debug" | "info" | "warn" | "error";

export interface LogLine {
  readonly method: LogMethod;
  readonly text: string;
}

/** What became of the notification that was posted as `id`; its result has another id where it repeats one of an earlier process. */
export interface Settled {
  readonly id: NotificationId;
  readonly result: DeliveryResult;
}

/** All that has happened in one turn of the thread, in the order in which its parts are to be heard. */
export interface News {
  readonly kind: "news";
  readonly lines: readonly LogLine[];
  readonly events: readonly DeliveryEvent[];
  /** In the outbox. */
  readonly accepted: readonly NotificationId[];
  /** Whether what is accepted survives the thread. */
  readonly isDurable: boolean;
  readonly settled: readonly Settled[];
  /** Deliveries accepted and not concluded. */
  readonly open: number;
  /** The whole of it, at most every so often; `null` in between. */
  readonly status: NotifierStatus | null;
  /** Those in force; goes along with the status. */
  readonly silences: readonly Silence[] | null;
}

export type FromThread =
  | News
  | { readonly kind: "answer"; readonly call: number; readonly answer: Answer }
  /** The question could not be answered. */
  | {
      readonly kind: "no-answer";
      readonly call: number;
      readonly why: string;
      /** What is wrong with what was asked for; `null` for any other reason. */
      readonly mistakes: readonly string[] | null;
    };
