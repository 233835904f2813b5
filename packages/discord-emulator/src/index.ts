/** `@tocsin/discord-emulator`: a local Discord for tests and demos. */
export { type Emulator, type EmulatorOptions, startEmulator, type WebhookHandle } from "./emulator.ts";
export { DEFAULT_LIMITS, type Limits, NO_LIMITS } from "./limit/limits.ts";
export type { WindowLimit } from "./limit/window.ts";
export type { EmulatorEvent, Listener } from "./observe/events.ts";
export type { RequestEntry } from "./observe/request-log.ts";
export { type Clock, createManualClock, type ManualClock, systemClock } from "./time/clock.ts";
export type { StoredAttachment, StoredMessage } from "./world/message.ts";
export type { Pings } from "./world/pings.ts";
export type { Channel, ChannelKind, Tag, Thread, Webhook } from "./world/world.ts";
