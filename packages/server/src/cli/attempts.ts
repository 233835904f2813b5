/** Tries, as a terminal shows them. Pure. */
import type { z } from "zod";
import type { tries } from "../http/contract/history.ts";
import { duration, printable, time } from "./table.ts";

export function attemptLines(all: z.infer<typeof tries>): string[] {
  return all.map(({ attempt, started_at, outcome, http_status, error, wait_ms, duration_ms }) => {
    const what = [outcome, http_status ?? "", error?.code ?? ""].filter((part) => part !== "").join(" ");
    const why = error === null ? "" : `: ${printable(error.message)}`;
    const times = `waited ${duration(wait_ms)}, took ${duration(duration_ms)}`;
    return `    try ${attempt}, ${time(started_at)}, ${times}, ${what}${why}`;
  });
}
