/** Sends one message of each kind, says what became of each, and ends. */
import {
  createNotifier,
  criticalNotification,
  errorNotification,
  monitoringNotification,
  type NotificationInput,
  SEVERITIES,
  securityNotification,
  tracklistNotification,
} from "@tocsin/core";
import { createBackendNotifier } from "@tocsin/core/preset/backend";
import { createPlantNotifier } from "@tocsin/core/preset/plant";
import { openDiscord } from "../discord.ts";

const HOUR_MS = 3_600_000;

const discord = await openDiscord();
const notifier = createNotifier({ env: discord.env, service: "Examples" });
const backend = createBackendNotifier(notifier);
const plants = createPlantNotifier(notifier);
const send = async (input: NotificationInput): Promise<boolean> => (await notifier.send(input)).success;

const alerts: Readonly<Record<string, NotificationInput>> = {
  general: { title: "A new release is out", message: "With fields.", fields: { Version: "1.2.0", Changes: 17 } },
  error: errorNotification({ details: "The nightly import stopped", error: new Error("a.csv is empty") }),
  critical: criticalNotification({
    title: "The database is gone",
    message: "No answer for 30 s",
    impact: "Nobody can order",
    actionRequired: "Start the standby",
  }),
  tracklist: tracklistNotification({ title: "Live at the harbour", artists: "The Gulls", tracks: ["Tide", "Foam"] }),
  monitoring: monitoringNotification({ metric: "CPU", value: 93, threshold: 90, unit: "%", status: "warning" }),
  security: securityNotification({ event: "Five failed logins", source: "192.0.2.7", user: "admin" }),
};

const embed = {
  title: "An embed with all its parts",
  description: "Markdown **works** here.",
  color: 0x9b59b6,
  fields: [{ name: "Field", value: "Value", inline: true }],
  footer: { text: "Footer" },
  author: { name: "Author", url: "https://example.com" },
  thumbnail: "https://example.com/thumbnail.png",
  image: "https://example.com/image.png",
  timestamp: new Date(),
};

const kinds: Readonly<Record<string, () => Promise<boolean>>> = {
  ...Object.fromEntries(Object.entries(alerts).map(([type, alert]) => [`alert of type ${type}`, () => send(alert)])),
  "alert with code, a link and a file": () =>
    send({
      title: "Nightly import",
      blocks: [
        { kind: "code", text: "3 rows skipped", language: "text" },
        { kind: "link", text: "Run", url: "https://example.com/runs/7" },
      ],
      files: [{ name: "skipped.csv", data: "row,reason\n7,empty\n" }],
    }),
  "plain text": () => backend.sendPlaintext("Just a text, without an embed."),
  embed: () => backend.sendEmbed(embed),
  ...Object.fromEntries(
    SEVERITIES.map((level) => [
      `diagnostic ${level}`,
      () => backend.sendDiagnostic(level, "payments", "The queue is long", { waiting: 812 }),
    ]),
  ),
  "start-up": () => backend.sendStartupNotification("Examples", "1.0.0"),
  error: () => backend.sendErrorNotification("payments", new TypeError("card is undefined"), { order: 7 }),
  "plant threshold": () =>
    plants.sendThresholdAlert({ metric: "soil_moisture", value: 15.2, direction: "min", limit: 20 }, "Monstera"),
  "device offline": () => plants.sendOfflineAlert("device-abc", "Monstera", Date.now() - HOUR_MS),
};

const results = await Promise.all(Object.entries(kinds).map(async ([kind, tell]) => ({ kind, sent: await tell() })));
for (const { kind, sent } of results) console.log(`${sent ? "sent  " : "FAILED"}    ${kind}`);
if (results.some(({ sent }) => !sent)) process.exitCode = 1;

await notifier.close();
await discord.close();
