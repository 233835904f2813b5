/** What the web shop's importer does: reads orders from comma-separated text, and refuses what it cannot read. Pure. */

export interface Order {
  readonly id: number;
  readonly article: string;
  readonly priceCents: number;
}

export class ImportError extends Error {
  override readonly name = "ImportError";
  /** Counted from 1, the header included. */
  readonly line: number;

  constructor(line: number, problem: string) {
    super(`line ${line}: ${problem}`);
    this.line = line;
  }
}

/** @throws ImportError for the first line that is none */
export function readOrders(csv: string): Order[] {
  const [, ...rows] = csv.trim().split("\n");
  return rows.map((row, index) => {
    const line = index + 2;
    const [id = "", article = "", price = ""] = row.split(",");
    if (!/^\d+$/.test(id)) throw new ImportError(line, `the order number "${id}" is none`);
    if (!/^\d+\.\d{2}$/.test(price)) throw new ImportError(line, `the price "${price}" is no number`);
    return { id: Number(id), article, priceCents: Math.round(Number(price) * 100) };
  });
}

/** The third order has the letter O for a zero. */
export const DAMAGED_FILE = `order,article,price
1001,Watering can,18.50
1002,Rose shears,24.90
1003,Fig tree,39.9O
`;
export const REPAIRED_FILE = DAMAGED_FILE.replace("39.9O", "39.90");
