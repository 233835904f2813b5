/** Writes the demo's lines: in colours where they are wanted, and as wide as the terminal is at that moment. */
import { styleText } from "node:util";
import { stopwatch } from "../settings/duration.ts";
import { layOutLine, layOutTable, wrap } from "./layout.ts";

/** What kind of event it is: decides the colour. */
export type Voice = "device" | "shop" | "discord" | "demo" | "trouble";

export interface PrinterOptions {
  readonly write: (text: string) => void;
  /** The terminal's width now; `Infinity` where the output is none. */
  readonly columns: () => number;
  readonly color: boolean;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export interface Printer {
  /** The stopwatch begins anew. */
  restart(): void;
  /** One event. */
  event(voice: Voice, who: string, text: string): void;
  heading(text: string): void;
  table(rows: readonly (readonly [name: string, text: string])[]): void;
  text(text: string): void;
}

const COLORS: Readonly<Record<Voice, Parameters<typeof styleText>[0]>> = {
  device: "green",
  shop: "yellow",
  discord: "blue",
  demo: "gray",
  trouble: "red",
};

export function createPrinter({ write, columns, color, now }: PrinterOptions): Printer {
  let startedAt = now();
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;

  return {
    restart() {
      startedAt = now();
    },
    event(voice, who, text) {
      const { head, rest } = layOutLine({ time: stopwatch(now() - startedAt), who, text }, columns());
      write(`${paint(COLORS[voice], head)}${rest}\n`);
    },
    heading: (text) => write(`${paint("bold", wrap(text, columns()).join("\n"))}\n`),
    table: (rows) => write(`${layOutTable(rows, columns())}\n`),
    text: (text) => write(`${wrap(text, columns()).join("\n")}\n`),
  };
}
