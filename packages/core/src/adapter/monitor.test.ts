import { describe, expect, it } from "vitest";
import { misconfigured } from "../../testing/outcomes.ts";
import { quietNotifier } from "../notifier/notifier.fixture.ts";
import { createMonitor } from "./monitor.ts";

const statusOf = (monitor: ReturnType<typeof createMonitor>) => monitor.health().services.discord_notifications;

// C9
describe("health", () => {
  it("stays healthy itself when Discord cannot be reached, and says that notifications are not", async () => {
    const { notifier, channel } = quietNotifier();
    channel.answer(misconfigured());
    const monitor = createMonitor({ notifier });
    expect(statusOf(monitor).status).toBe("healthy");
    await notifier.send({ title: "Hello" });
    expect(statusOf(monitor)).toMatchObject({ status: "unhealthy", enabled: true, queue_size: 0 });
    expect(monitor.health().status).toBe("healthy");
  });

  it("tells what waits", () => {
    const { notifier } = quietNotifier({}, { latencyMs: 1_000 });
    notifier.notify({ title: "Hello" });
    expect(statusOf(createMonitor({ notifier })).queue_size).toBe(1);
  });

  it("says that notifications are off", () => {
    const { notifier } = quietNotifier({ enabled: false });
    expect(statusOf(createMonitor({ notifier }))).toMatchObject({ status: "disabled", enabled: false });
  });
});
