/** `@tocsin/discord-emulator`: a local Discord for tests and demos. */
export type { Ban } from "./edge/guard.ts";
export { startEmulator } from "./emulator.ts";
export type { Fault, FaultAction, FaultMatch, StoreSide } from "./fault/fault.ts";
export type { AllowedMentions } from "./form/allowed-mentions.ts";
export { BAN_SHAPES, type BanShape } from "./limit/ban-shape.ts";
export type { LimitScope } from "./limit/limiter.ts";
export { DEFAULT_LIMITS, type InvalidLimit, type Limits, NO_LIMITS } from "./limit/limits.ts";
export type { WindowLimit } from "./limit/window.ts";
export type { EmulatorEvent, Listener } from "./observe/events.ts";
export type { Counters } from "./observe/ledger.ts";
export type { RequestEntry } from "./observe/request-log.ts";
export type { Violation } from "./observe/violations.ts";
export type { EmulatorOptions } from "./options.ts";
export type { Emulator, InChannel, NewChannel, Remote, WebhookHandle } from "./remote.ts";
export { type Clock, createManualClock, type ManualClock, systemClock } from "./time/clock.ts";
export type { StoredAttachment, StoredMessage } from "./world/message.ts";
export type { Pings } from "./world/pings.ts";
export type { Channel, ChannelKind, Tag, Thread, Webhook } from "./world/places.ts";
