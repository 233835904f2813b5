/** What helps to test code that uses this library, or a channel of your own. */
export { createFakeChannel, type FakeChannel, type FakeChannelOptions, type FakeSend } from "./fake-channel.ts";
export * as outcomes from "./outcomes.ts";
