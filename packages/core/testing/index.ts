/** What helps to test code that uses this library, or a channel of your own. */
export {
  type ChannelFixture,
  type ConformanceCase,
  channelConformance,
  type OpenedChannel,
} from "./channel-conformance.ts";
export { createFakeChannel, type FakeChannel, type FakeChannelOptions, type FakeSend } from "./fake-channel.ts";
export { aNotification } from "./notifications.ts";
export * as outcomes from "./outcomes.ts";
export {
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedServer,
  startScriptedServer,
} from "./scripted-server.ts";
export { type OpenedStore, type StoreFixture, storeConformance } from "./store-conformance.ts";
export { createVirtualClock, type VirtualClock, type VirtualClockOptions } from "./virtual-clock.ts";
