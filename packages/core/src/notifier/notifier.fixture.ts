/** A notifier over one channel in memory, on a clock that stands still until moved. */
import { vi } from "vitest";
import { createFakeChannel, type FakeChannelOptions } from "../../testing/fake-channel.ts";
import { createVirtualClock, type VirtualClockOptions } from "../../testing/virtual-clock.ts";
import { createNotifier } from "../notifier.ts";
import type { NotifierOptions } from "./options.ts";

export function quietNotifier(
  options: NotifierOptions = {},
  about: Partial<FakeChannelOptions> = {},
  time: VirtualClockOptions = {},
) {
  const clock = createVirtualClock(time);
  const channel = createFakeChannel({ clock, ...about });
  const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const notifier = createNotifier({ env: {}, clock, logger, webhookUrl: channel, validateOnStart: false, ...options });
  return { clock, channel, logger, notifier };
}
