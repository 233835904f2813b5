/** Row A3 against an emulated Discord. */
import { type Emulator, startEmulator } from "@tocsin/discord-emulator";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createNotifier } from "./notifier.ts";
import { createPlantNotifier } from "./preset-plant.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
const VIOLATION = { metric: "soil_moisture", value: 15.2, direction: "min", limit: 20 } as const;

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator({ strict: true });
});

afterEach(() => emulator.close());

function environment(webhookUrl: string) {
  return { DISCORD_WEBHOOK_URL: webhookUrl, DISCORD_ALLOWED_HOSTS: new URL(emulator.url).host };
}

function plantNotifier() {
  const hook = emulator.createWebhook({ channel: emulator.createChannel({ name: "plants" }) });
  const plants = createPlantNotifier({ env: environment(hook.url), logger: SILENT, validateOnStart: false });
  const embed = () => emulator.messages(hook).at(-1)!.embeds[0]!;
  return {
    ...plants,
    hook,
    embed,
    async [Symbol.asyncDispose]() {
      await plants.notifier.close({ timeoutMs: 100 });
    },
  };
}

// A3
describe("the plant monitor's notifier", () => {
  it("sends a raw embed as it is, and says true", async () => {
    await using plants = plantNotifier();
    const sent = await plants.sendMessage({
      title: "Watering done",
      description: "All **three** beds",
      color: 0x2ecc71,
      fields: [{ name: "Litres", value: 12 }],
      footer: { text: "Greenhouse 1" },
      thumbnail: { url: "https://example.com/bed.png" },
      timestamp: "2026-03-01T10:00:00.000Z",
    });
    expect(sent).toBe(true);
    expect(plants.embed()).toMatchObject({
      title: "Watering done",
      description: "All **three** beds",
      color: 0x2ecc71,
      fields: [{ name: "Litres", value: "12", inline: false }],
      footer: { text: "Greenhouse 1" },
      thumbnail: { url: "https://example.com/bed.png" },
      timestamp: expect.stringMatching(/^2026-03-01T10:00:00/),
    });
  });

  it("sends a threshold alert in its exact shape, and keeps track of the limits that the answer names", async () => {
    await using plants = plantNotifier();
    expect(await plants.sendThresholdAlert(VIOLATION, "Monstera")).toBe(true);
    expect(plants.embed()).toMatchObject({
      title: "Plant Alert: Monstera",
      description: "Soil Moisture is 15.2, threshold min 20.0",
      color: 15158332,
      timestamp: expect.stringMatching(/^20/),
    });
    const { buckets } = plants.notifier.getRateLimitInfo();
    expect(Object.values(buckets)).toContainEqual(expect.objectContaining({ limit: 5, remaining: 4 }));
    expect(plants.embed().fields?.map(({ value }) => value.replaceAll("\\", ""))).toEqual([
      "soil_moisture",
      "15.2",
      "min 20.0",
    ]);
  });

  it.each([
    ["Monstera", 5 * 60_000, "5 minutes ago"],
    [null, null, "Never"],
  ])("sends an offline alert for %s", async (plantName, agoMs, lastSeen) => {
    await using plants = plantNotifier();
    const seen = agoMs === null ? null : new Date(Date.now() - agoMs);
    expect(await plants.sendOfflineAlert("device-abc", plantName, seen)).toBe(true);
    expect(plants.embed()).toMatchObject({ title: "Device Offline", color: 16776960 });
    expect(plants.embed().fields?.map(({ value }) => value)).toEqual([
      "device-abc",
      plantName ?? "Unassigned",
      lastSeen,
    ]);
  });

  it("says false and throws nothing when Discord refuses, when there is no webhook, and when it cannot read what it is given", async () => {
    await using plants = plantNotifier();
    const nowhere = createPlantNotifier({ env: {}, logger: SILENT });
    expect(await nowhere.sendThresholdAlert(VIOLATION, "Monstera")).toBe(false);
    expect(await plants.sendMessage(null as never)).toBe(false);
    emulator.deleteWebhook(plants.hook.id);
    expect(await plants.sendMessage({ title: "1" })).toBe(false);
  });

  it("works over a notifier that is there already", async () => {
    const notifier = createNotifier({ env: {}, logger: SILENT });
    expect(createPlantNotifier(notifier).notifier).toBe(notifier);
    await notifier.close();
  });
});
