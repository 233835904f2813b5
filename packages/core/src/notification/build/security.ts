/** The notification about something that may be an attack (D2). Pure. */
import type { NotificationInput } from "../notification.ts";
import { fieldsOf } from "./fields.ts";

export interface SecurityReport {
  /** What happened, e.g. `Five failed logins`. */
  readonly event: string;
  /** Where it came from: an address, a host, a service. */
  readonly source?: string | undefined;
  readonly user?: string | undefined;
  /** What was done about it. */
  readonly action?: string | undefined;
  readonly details?: string | undefined;
  readonly fields?: NotificationInput["fields"];
}

export function securityNotification(report: SecurityReport): NotificationInput {
  const { event, source, user, action, details, fields } = report;
  return {
    type: "security",
    title: `Security: ${event}`,
    message: details,
    fields: fieldsOf({ Source: source, User: user, Action: action }, fields),
  };
}
