/** What the library did with many notifications, in words. Pure. */
import type { DeliveryResult, LaneStatus } from "@tocsin/core";

/** `25 notifications have become 4 messages within 30 ms` */
export function describeBatching(results: readonly DeliveryResult[], tookMs: number): string {
  const arrived = results.filter(({ success }) => success);
  const messages = new Set(arrived.map(({ messageId }) => messageId)).size;
  const missing = results.length - arrived.length;
  return [
    `${results.length} notifications have become ${messages} ${messages === 1 ? "message" : "messages"}`,
    ` within ${Math.round(tookMs)} ms`,
    missing > 0 ? `; ${missing} did not arrive` : "",
  ].join("");
}

/** Why a destination waits, and what waits there. */
export function describeWait({ waiting, wait }: LaneStatus, now: number): string {
  if (wait === null || waiting === 0) return "nothing has to wait";
  const seconds = (Math.max(0, wait.until - now) / 1_000).toFixed(1);
  const limit = wait.because === "paced-bucket" ? "Discord takes 5 messages in 2 s" : wait.because;
  return `${limit}: ${waiting} more wait ${seconds} s rather than provoke a refusal`;
}
