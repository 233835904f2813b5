/**
 * `@tocsin/core`: takes notifications from any Node.js program and delivers them to Discord within its rules.
 *
 * @module
 */
export type { Actor, AlertAction, AlertDesk, DeskAnswer, OpenAlert } from "./alert/desk.ts";
export type { FlapPolicy } from "./alert/policy.ts";
export { type ConsoleChannelOptions, createConsoleChannel } from "./channel/console/console-channel.ts";
export { createEmailChannel, type EmailChannelOptions } from "./channel/email/create.ts";
export { createFileChannel, type FileChannelOptions } from "./channel/file/file-channel.ts";
export { createWebhookChannel, type WebhookChannelOptions } from "./channel/webhook/webhook-channel.ts";
export type {
  AttemptError,
  Channel,
  ChannelCheck,
  LimitPlan,
  LimitReport,
  LimitSpec,
  SendFailure,
  SendOutcome,
  SendRequest,
} from "./delivery/channel.ts";
export type { DeliveryEvent } from "./delivery/events.ts";
export type { LaneStatus } from "./delivery/lane/status.ts";
export type { Pause, PauseOutcome, PauseRequest } from "./delivery/pause.ts";
export type { DeliveryResult, DeliveryStatus, DestinationResult, FailureReason } from "./delivery/result.ts";
export { ConfigError } from "./errors/config-error.ts";
export { StoreError, type StoreErrorCode } from "./errors/store-error.ts";
export type { ComponentStatus } from "./health/component.ts";
export type { HealthTracker } from "./health/health-tracker.ts";
export type { ComponentOptions, HealthOptions } from "./health/options.ts";
export type {
  DeadLetter,
  DeadLetterDetail,
  DeadLetterFilter,
  DeadLetterSelection,
  DeadLetters,
} from "./history/dead-letters.ts";
export type {
  History,
  HistoryDetail,
  HistoryEntry,
  HistoryFilter,
  HistoryStatus,
  Page,
  PageRequest,
} from "./history/history.ts";
export { QueryError } from "./history/query-error.ts";
export type { Figures, Statistics, StatisticsQuery } from "./history/statistics.ts";
export { markdown } from "./message/discord/markdown.ts";
export { type CriticalReport, criticalNotification } from "./notification/build/critical.ts";
export { type EmbedBuilder, embed } from "./notification/build/embed.ts";
export { type ErrorReport, errorNotification } from "./notification/build/error.ts";
export {
  type MonitoringReport,
  type MonitoringStatus,
  monitoringNotification,
} from "./notification/build/monitoring.ts";
export { type SecurityReport, securityNotification } from "./notification/build/security.ts";
export { type TracklistReport, tracklistNotification } from "./notification/build/tracklist.ts";
export {
  ALERT_TYPES,
  type AlertType,
  type Block,
  type BlockInput,
  type FieldInput,
  type Mention,
  type Notification,
  type NotificationId,
  type NotificationInput,
  SEVERITIES,
  type Severity,
} from "./notification/notification.ts";
export type { Recovery } from "./notification/recovery.ts";
export type { Deferral, RouteDecision, RouteEvaluation, RouteReason, Withheld } from "./notification/routing.ts";
export type {
  ExplainOptions,
  FlushOptions,
  FlushReport,
  Notifier,
  NotifierStatus,
  PreparedNotification,
  ReplayReport,
} from "./notifier/api.ts";
export type { ConfigurationReport, ConfiguredDestination } from "./notifier/configuration.ts";
export type { DestinationHealth, HealthReport } from "./notifier/destination-health.ts";
export type { Destination } from "./notifier/destinations.ts";
export type { DestinationOptions, DestinationOutcome, RemoveOptions } from "./notifier/live-destinations.ts";
export type { Logger } from "./notifier/logging.ts";
export type { ChangeableOptions, NotifierOptions, SqliteFile } from "./notifier/options.ts";
export type { BucketInfo, RateLimitInfo, RateLimitStatus, TypeRateLimit } from "./notifier/rate-limits.ts";
export type { Receipt } from "./notifier/receipt.ts";
export type { ReconfigureOutcome } from "./notifier/reconfigure.ts";
export type { RouteOptions, TimesInput } from "./notifier/route-options.ts";
export { createNotifier } from "./notifier.ts";
export type { Matcher, MatchOperator } from "./route/matcher.ts";
export { formatMatchers, type MatchersInput, type ReadMatchers, readMatchers } from "./route/matcher-text.ts";
export { createMemoryStore, type MemoryStoreOptions } from "./store/memory/memory-store.ts";
export type { Store } from "./store/store.ts";
export type { QuietHoursChange } from "./withhold/held-changes.ts";
export type { InhibitOptions } from "./withhold/inhibition.ts";
export type { Maintenance, MaintenanceOptions } from "./withhold/maintenance.ts";
export type { Silence, SilenceId, SilenceInput } from "./withhold/silence.ts";
