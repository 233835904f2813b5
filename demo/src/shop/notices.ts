/** The words of the web shop: every notification that it sends, as data. Pure. */
import type { NotificationInput } from "@tocsin/core";
import type { ImportError } from "./orders.ts";

export type Notice = NotificationInput & { readonly title: string };

/** The application error that the demo must show. */
export const IMPORT_FAILED = "Import failed";
const IMPORT_FILE = "orders.csv";
/** Not an error any more, so not in an error's colour. */
const GREEN = 0x2ecc71;

export function shopOpened(): Notice {
  return {
    type: "general",
    title: "Web shop started",
    message: "The shop takes orders again.",
    fields: { Version: "2.4.1", Region: "eu-central", Workers: 4 },
  };
}

export function importFailed(error: ImportError, csv: string): Notice {
  return {
    type: "error",
    title: IMPORT_FAILED,
    message: `${IMPORT_FILE}, ${error.message}`,
    fields: { File: IMPORT_FILE, Line: error.line, Error: error.name },
    files: [{ name: IMPORT_FILE, data: csv, contentType: "text/csv" }],
    key: "import",
    phase: "firing",
  };
}

export function importRecovered(orders: number, downMs: number): Notice {
  return {
    type: "error",
    severity: "info",
    title: "Import recovered",
    message: `${IMPORT_FILE} was read: ${orders} orders.`,
    fields: { File: IMPORT_FILE, "Failing for": `${(downMs / 1_000).toFixed(1)} s` },
    color: GREEN,
    key: "import",
    phase: "resolved",
  };
}

export function paymentsFailing(): Notice {
  return {
    type: "critical",
    title: "Payments are failing",
    message: "The last 12 of 15 payments were refused by the provider.",
    fields: { Provider: "Acme Pay", "Refused since": "2 min", Impact: "No orders from new customers" },
    mentions: ["@here"],
  };
}

export function loginFailed(attempt: number): Notice {
  return {
    type: "security",
    severity: "warning",
    title: `Failed login ${attempt}`,
    message: "Wrong password for the account admin.",
    fields: { Account: "admin", Address: `203.0.113.${attempt}` },
  };
}

export function orderReceived(id: number): Notice {
  return { type: "general", title: `Order ${id}`, fields: { Total: `${(id % 90) + 9}.50 €` } };
}
