/** The list of what a failing store is owed, first first, kept within a bound of memory where what is kept at all costs allows it. */
import { type Debt, sizeOf, withoutDetail, withoutHistories } from "./debt.ts";

export interface Owed {
  readonly length: number;
  /** What has been given up since something was owed, in one sentence; `null` for nothing. */
  readonly loss: string | null;
  push(debt: Debt): void;
  /** The first, which stays until it is settled, and as it is. */
  take(): Debt | null;
  settleFirst(): void;
}

/** What cannot be made smaller grows by this much before it is tried again, so that trying costs little. */
const GROWTH = 1.25;

export function createOwed(mostBytes: number): Owed {
  let debts: Debt[] = [];
  let bytes = 0;
  let shortenAt = mostBytes;
  let isFirstTaken = false;
  let details = 0;
  let histories = 0;

  function shorten(): void {
    const fixed = isFirstTaken ? debts.slice(0, 1) : [];
    let rest = debts.slice(fixed.length);
    const bare = rest.map(withoutDetail);
    rest = bare.map(({ debt }) => debt);
    details = bare.reduce((sum, one) => sum + one.details, 0);
    if (total([...fixed, ...rest]) > mostBytes) {
      const left = withoutHistories(rest);
      rest = [...left.debts];
      histories += left.histories;
    }
    debts = [...fixed, ...rest];
    bytes = total(debts);
    shortenAt = Math.max(mostBytes, bytes * GROWTH);
  }

  return {
    get length() {
      return debts.length;
    },
    get loss() {
      if (details === 0 && histories === 0) return null;
      return `What it is owed has become too much: ${details} verdicts are kept without detail, and ${histories} notifications that were told meanwhile will be missing in history.`;
    },
    push(debt) {
      debts.push(debt);
      bytes += sizeOf(debt);
      if (bytes > shortenAt) shorten();
    },
    take() {
      isFirstTaken = debts.length > 0;
      return debts[0] ?? null;
    },
    settleFirst() {
      const first = debts.shift();
      isFirstTaken = false;
      bytes -= first === undefined ? 0 : sizeOf(first);
      if (debts.length > 0) return;
      [bytes, shortenAt, details, histories] = [0, mostBytes, 0, 0];
    },
  };
}

function total(debts: readonly Debt[]): number {
  return debts.reduce((sum, debt) => sum + sizeOf(debt), 0);
}
