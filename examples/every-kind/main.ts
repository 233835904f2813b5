/** Sends one message of each kind, says what became of each, and ends. */
import { ALERT_TYPES, createNotifier, SEVERITIES } from "@tocsin/core";
import { createBackendNotifier } from "@tocsin/core/preset/backend";
import { createPlantNotifier } from "@tocsin/core/preset/plant";
import { openDiscord } from "../discord.ts";

const HOUR_MS = 3_600_000;

const discord = await openDiscord();
const notifier = createNotifier({ env: discord.env, service: "Examples" });
const backend = createBackendNotifier(notifier);
const plants = createPlantNotifier(notifier);
const send = async (input: Parameters<typeof notifier.send>[0]): Promise<boolean> =>
  (await notifier.send(input)).success;

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
  ...Object.fromEntries(
    ALERT_TYPES.map((type) => [
      `alert of type ${type}`,
      () => send({ type, title: `A ${type} alert`, message: "With fields.", fields: { Host: "web-1", Load: 0.93 } }),
    ]),
  ),
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
