/** Sends orders to the emulator. */
import type { ActionResult, PageAction } from "../view/protocol.ts";

/** @throws Error with the emulator's own words when it refuses. */
export async function order(action: PageAction): Promise<ActionResult> {
  const response = await fetch("/_emulator/actions", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(action),
  });
  if (!response.ok) throw new Error(await response.text());
  return response.status === 200 ? ((await response.json()) as ActionResult) : { kind: "done" };
}
