/**
 * A wall display that runs for weeks: one loop that polls and draws, and never waits for Discord. Its health goes to a channel through
 * a bot, which answers `status` there and takes what people do about an alert.
 *
 * The weather service is away for a while in each half minute, so that there is something to see.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createNotifier } from "@tocsin/core";
import { createBot } from "@tocsin/core/bot";
import { openDiscordForBot } from "../discord.ts";

const ROUND_MS = 500;
const ROUNDS_TO_REPEAT = 60;
const WEATHER_AWAY = { from: 4, to: 34 };

const discord = await openDiscordForBot();
const notifier = createNotifier({ env: discord.env, service: "Wall display" });
const health = notifier.health({
  components: { "Bus API": { failuresBeforeAlert: 3 }, "Weather API": { failuresBeforeAlert: 2 }, Display: {} },
});
const bot = createBot({ notifier, health, env: discord.env });

let isRunning = true;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    isRunning = false;
  });
}

function fetchBuses(): string {
  return "12 Harbour in 4 min";
}

function fetchWeather(round: number): string {
  const step = round % ROUNDS_TO_REPEAT;
  if (step >= WEATHER_AWAY.from && step < WEATHER_AWAY.to) throw new Error("The service answers 503");
  return "Rain, 9 °C";
}

/** What could be fetched, or what was there before. */
function poll(component: string, fetch: () => string, before: string): string {
  try {
    const now = fetch();
    health.recordSuccess(component);
    return now;
  } catch (error) {
    health.recordFailure(component, error);
    return before;
  }
}

try {
  health.started({ roundMs: ROUND_MS, busStop: "Town hall", apiKey: "is never shown" });
  console.log("Display   runs until Ctrl-C; say status in the channel");
  let buses = "…";
  let weather = "…";
  let shown = "";
  for (let round = 0; isRunning; round++) {
    buses = poll("Bus API", fetchBuses, buses);
    weather = poll("Weather API", () => fetchWeather(round), weather);
    const line = `${buses} | ${weather}`;
    if (line !== shown) console.log(`Display   ${line}`);
    shown = line;
    health.recordSuccess("Display");
    await sleep(ROUND_MS);
  }
} finally {
  await health.stopping("asked to");
  await bot.close();
  await notifier.close();
  await discord.close();
}
