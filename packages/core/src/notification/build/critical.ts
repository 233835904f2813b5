/** The notification that somebody must act on now (D2). Pure. */
import type { NotificationInput } from "../notification.ts";
import { fieldsOf } from "./fields.ts";

export interface CriticalReport {
  readonly title: string;
  readonly message: string;
  /** Who or what suffers. */
  readonly impact?: string | undefined;
  /** What somebody has to do. */
  readonly actionRequired?: string | undefined;
  readonly fields?: NotificationInput["fields"];
}

/** Pings everybody who is there: `@here`. */
export function criticalNotification({
  title,
  message,
  impact,
  actionRequired,
  fields,
}: CriticalReport): NotificationInput {
  return {
    type: "critical",
    title,
    message,
    mentions: ["@here"],
    fields: fieldsOf({ Impact: impact, "Action required": actionRequired }, fields, false),
  };
}
