/** What a delivery tells instead of the notification that was accepted, because others were folded into it. */
import type { DatabaseSync } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import type { Notification } from "../../notification/notification.ts";
import { createFileReader } from "./files.ts";
import { bodyOf, toldOf } from "./rows.ts";

/** @returns as JSON; `null` when it is the one that was accepted at this place, so that it need not be kept twice */
export function createToldInstead(handle: DatabaseSync): (place: number, notification: Notification) => string | null {
  const select = handle.prepare("select body from notifications where place = ?");
  const files = createFileReader(handle);

  function isAsAccepted(place: number, notification: Notification): boolean {
    const accepted = String(select.get(place)?.["body"]);
    // What was read from here has its properties in another order than what was handed in.
    if (!isDeepStrictEqual(JSON.parse(accepted), JSON.parse(bodyOf(notification)))) return false;
    const sizes = files.facts(place).map(({ sizeBytes }) => sizeBytes);
    return isDeepStrictEqual(
      sizes,
      notification.files.map(({ data }) => data.byteLength),
    );
  }

  return (place, notification) => (isAsAccepted(place, notification) ? null : toldOf(notification));
}
