/** Says what happens, one line an event: who did it, what was measured or sent, what Discord answered. */
import type { Exchange } from "../discord/exchanges.ts";
import { narrate } from "../discord/narrate.ts";
import type { Tally } from "../greenhouse/tally.ts";
import { inWords } from "../settings/duration.ts";
import type { Printer } from "./printer.ts";

export interface Reporter {
  exchange(exchange: Exchange): void;
  device(id: string, text: string): void;
  shop(text: string): void;
  trouble(text: string): void;
  /** No trouble is said any more. */
  hush(): void;
  /** How many readings have been sent so far. */
  readings(): void;
}

export function createReporter({ printer, tally }: { readonly printer: Printer; readonly tally: Tally }): Reporter {
  let hushed = false;
  return {
    exchange(exchange) {
      // Asking whether a webhook is usable is worth a line only when it is not.
      if (exchange.method === "GET" && exchange.status === 200) return;
      const { who, text } = narrate(exchange, tally.find);
      printer.event(exchange.message === null ? "trouble" : "discord", who, text);
    },
    device: (id, text) => printer.event("device", id, text),
    shop: (text) => printer.event("shop", "Web shop", text),
    trouble(text) {
      if (!hushed) printer.event("trouble", "trouble", text);
    },
    hush() {
      hushed = true;
    },
    readings() {
      const { sent, acknowledged } = tally.readings;
      const weather = inWords(tally.measuredMs);
      printer.event(
        "demo",
        "devices",
        `${sent} readings sent, ${acknowledged} acknowledged; ${weather} of weather so far`,
      );
    },
  };
}
