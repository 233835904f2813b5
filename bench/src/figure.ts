/** What a scenario finds out, in the form in which it is printed and kept. */

export interface Figure {
  readonly what: string;
  readonly value: string;
  /** `null` for what is only told for comparison. */
  readonly target: Target | null;
}

export interface Target {
  readonly text: string;
  readonly isMet: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** How it is measured, in a few sentences. */
  readonly method: string;
  /** @param circumstances.say tells the user how far it is */
  readonly run: (circumstances: Circumstances) => Promise<readonly Figure[]>;
}

export interface Circumstances {
  /** Fewer messages and rounds: to see that everything runs, not to judge by. */
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

export function atLeast(value: number, least: number, unit = ""): Target {
  return { text: `≥ ${wholeWithCommas(least)}${unit}`, isMet: value >= least };
}

export function atMost(value: number, most: number, unit = ""): Target {
  return { text: `≤ ${wholeWithCommas(most)}${unit}`, isMet: value <= most };
}

/** What is only told for comparison. */
export function compared(what: string, value: string): Figure {
  return { what, value, target: null };
}

function wholeWithCommas(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: 3 });
}
