/**
 * A channel in memory for tests of whatever sends: its answers are scripted, its latency passes on the test's clock,
 * and it records every request with the instants at which it began and ended.
 */
import type { Clock, Timer } from "../src/clock/clock.ts";
import type { Channel, ChannelCheck, LimitPlan, SendOutcome, SendRequest } from "../src/delivery/channel.ts";
import { ambiguous, delivered, unavailable } from "./outcomes.ts";

export interface FakeChannelOptions {
  readonly clock: Clock;
  /** @defaultValue "fake" */
  readonly label?: string;
  /** What it does with messages that it sent before. @defaultValue nothing */
  readonly inPlace?: NonNullable<Channel["inPlace"]>;
  /** @defaultValue no limits at all */
  readonly limits?: LimitPlan;
  /** How long a send takes; 0 answers in the same turn of the event loop, without a timer. @defaultValue 0 */
  readonly latencyMs?: number | ((request: SendRequest, n: number) => number);
  /** Decides the answer when the latency has passed; `n` counts sends from 1. @defaultValue delivered, as `message-<n>` */
  readonly respond?: (request: SendRequest, n: number) => SendOutcome;
  /** @defaultValue usable, without a pool key */
  readonly check?: () => ChannelCheck;
}

/** One call of `send()`; outcome and end are `null` while it is under way. */
export interface FakeSend {
  readonly n: number;
  readonly request: SendRequest;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly outcome: SendOutcome | null;
}

export interface FakeChannel extends Channel {
  /** Every call of `send()`, oldest first. */
  readonly sent: readonly FakeSend[];
  /** Sends under way now, and the most there ever were at once. */
  readonly inFlight: number;
  readonly mostInFlight: number;
  readonly checks: number;
  readonly closed: boolean;
  /** Answers for the next sends that end, in order; they go before `respond`. */
  answer(...outcomes: readonly SendOutcome[]): void;
}

const NO_LIMITS: LimitPlan = { egress: null, pool: null, bucket: null };

/** As `message-<n>`; what is changed keeps its id. */
function deliver({ edit }: SendRequest, n: number): SendOutcome {
  const address = edit ?? { id: `message-${n}`, channelId: null, threadId: null };
  return delivered(address.id, { address });
}

export function createFakeChannel(options: FakeChannelOptions): FakeChannel {
  const { clock, label = "fake", limits = NO_LIMITS, latencyMs = 0 } = options;
  const respond = options.respond ?? deliver;
  const sent: { -readonly [Key in keyof FakeSend]: FakeSend[Key] }[] = [];
  const scripted: SendOutcome[] = [];
  const underWay = new Map<number, { readonly timer: Timer; readonly end: (outcome: SendOutcome) => void }>();
  let inFlight = 0;
  let mostInFlight = 0;
  let checks = 0;
  let closed = false;

  function send(request: SendRequest): Promise<SendOutcome> {
    const n = sent.length + 1;
    const record: (typeof sent)[number] = { n, request, startedAt: clock.now(), endedAt: null, outcome: null };
    sent.push(record);
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    return new Promise((resolve) => {
      const end = (outcome: SendOutcome): void => {
        underWay.delete(n);
        inFlight--;
        record.endedAt = clock.now();
        record.outcome = outcome;
        resolve(outcome);
      };
      if (closed) return end(unavailable({ code: "closed" }));
      const waitMs = typeof latencyMs === "function" ? latencyMs(request, n) : latencyMs;
      if (waitMs <= 0) return end(scripted.shift() ?? respond(request, n));
      const timer = clock.schedule(clock.now() + waitMs, () => end(scripted.shift() ?? respond(request, n)));
      underWay.set(n, { timer, end });
    });
  }

  async function check(): Promise<ChannelCheck> {
    checks++;
    return options.check?.() ?? { ok: true, detail: label, poolKey: null };
  }

  async function close(): Promise<void> {
    closed = true;
    for (const { timer, end } of [...underWay.values()]) {
      timer.cancel();
      // It had been handed over, so it may have arrived.
      end(ambiguous({ code: "closed" }));
    }
  }

  return {
    kind: "fake",
    label,
    limits,
    ...(options.inPlace === undefined ? {} : { inPlace: options.inPlace }),
    sent,
    get inFlight() {
      return inFlight;
    },
    get mostInFlight() {
      return mostInFlight;
    },
    get checks() {
      return checks;
    },
    get closed() {
      return closed;
    },
    answer: (...outcomes) => void scripted.push(...outcomes),
    send,
    check,
    close,
  };
}
