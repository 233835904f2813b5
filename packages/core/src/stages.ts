/**
 * The second door, for programs that build on single stages of the flow (as the server does): clocks, identifiers, and the
 * pure parts of signal, detector, alert and message.
 */
export { ALERT_ACTIONS } from "./alert/desk.ts";
export { type AlertEvent, nextDueAt, stepAlert } from "./alert/life-cycle.ts";
export { type AlertPolicy, DEFAULT_ALERT_POLICY, defineAlertPolicy, type FlapPolicy } from "./alert/policy.ts";
export { type AlertState, type KnownAs, NEW_ALERT } from "./alert/state.ts";
export type { AlertDecision, QuietReason, TellReason } from "./alert/telling.ts";
export { parseWebhookUrl } from "./channel/discord-webhook/url.ts";
export { shownWebhookUrl, webhookUrlOf } from "./channel/discord-webhook/written.ts";
export { type Alarm, createAlarm } from "./clock/alarm.ts";
export type { Clock, Timer } from "./clock/clock.ts";
export { createIdSource } from "./clock/id.ts";
export { createSystemClock } from "./clock/system-clock.ts";
export { readEnvironment as readNotifierEnvironment } from "./config/environment.ts";
export type { Memory, PatientMemory } from "./delivery/outbox.ts";
export { createPatientMemory } from "./delivery/recollection.ts";
export type { DeliveryResult, FailureReason } from "./delivery/result.ts";
export { FAILURE_SENTENCES } from "./delivery/tracker.ts";
export { type AbsenceFinding, checkAbsence, type Watched } from "./detector/absence.ts";
export {
  checkThreshold,
  type ThresholdDirection,
  type ThresholdFinding,
  type ThresholdLimits,
} from "./detector/threshold.ts";
export { ConfigError } from "./errors/config-error.ts";
export { renderDiscord } from "./message/discord/render.ts";
export { normaliseNotification } from "./notification/normalise.ts";
export { type NotificationId, type NotificationInput, SEVERITIES, type Severity } from "./notification/notification.ts";
export {
  deviceOfflineNotification,
  deviceOnlineNotification,
  plantRecoveredNotification,
  plantThresholdNotification,
} from "./notification/plant.ts";
export { durationInWords } from "./notification/times.ts";
export { toInstant, toMention } from "./notification/values.ts";
export { redactText } from "./preset/secrets.ts";
export { type CompiledMatchers, compileMatchers, isSelective, type Matched } from "./route/matcher.ts";
export { readQuietHours } from "./route/quiet-times.ts";
export { readTimeWindow } from "./route/time-window.ts";
export { type Metric, type MetricRefusal, type MetricsReport, readMetrics, refusalOfName } from "./signal/metrics.ts";
