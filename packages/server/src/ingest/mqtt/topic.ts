/** The topics of A7: `devices/{device_id}/telemetry` and `devices/{device_id}/heartbeat`. Pure. */
import type { Report } from "../../greenhouse/intake.ts";

export interface DeviceTopic {
  readonly deviceId: string;
  readonly kind: Report["kind"];
}

/** What a topic is about, or `null` when it is none of ours. */
export function parseTopic(topic: string): DeviceTopic | null {
  const [root, deviceId, kind, ...rest] = topic.split("/");
  if (root !== "devices" || deviceId === undefined || deviceId === "" || rest.length > 0) return null;
  return kind === "telemetry" || kind === "heartbeat" ? { deviceId, kind } : null;
}

/** Whether a topic filter reaches nothing but what belongs to that device. */
export function isOwnFilter(filter: string, deviceId: string): boolean {
  return filter.startsWith(`devices/${deviceId}/`);
}
