/**
 * Reads the server's settings from environment variables, all of them, and reports every mistake at once.
 * An empty variable counts as one that is not set.
 *
 * Pure: the environment is passed in. What concerns Discord is read by the library.
 */
import { ConfigError } from "@tocsin/core/stages";
import { z } from "zod";
import { readKeys } from "../secrets/keys.ts";
import { type Config, LOG_LEVELS, type MqttConfig } from "./config.ts";
import { parseDatabaseUrl } from "./database-url.ts";
import { isLoopback } from "./loopback.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A year: far beyond any sensible setting, and within what timers can count. */
const LONGEST_SECONDS = 31_536_000;

const wholeNumber = (from: number, to: number, unit: string) =>
  z
    .string()
    .trim()
    .refine((text) => /^\d+$/.test(text) && Number(text) >= from && Number(text) <= to, {
      error: `must be a whole number ${unit}from ${from} to ${to}`,
    })
    .transform(Number);

const port = wholeNumber(0, 65_535, "");
/** Fractions are welcome: tests and demonstrations run faster than greenhouses. */
const seconds = (from: number) =>
  z
    .string()
    .trim()
    .refine((text) => /^\d+(\.\d+)?$/.test(text) && Number(text) >= from && Number(text) <= LONGEST_SECONDS, {
      error: `must be a number of seconds from ${from} to ${LONGEST_SECONDS}`,
    })
    .transform((text) => Number(text) * 1_000);

/** One after the other, the last repeats. */
const listOfSeconds = z
  .string()
  .trim()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .refine((parts) => parts.every((part) => seconds(1).safeParse(part).success), {
    error: `must be numbers of seconds from 1 to ${LONGEST_SECONDS} with commas between them, e.g. 3600,14400`,
  })
  .transform((parts) => parts.map((part) => Number(part) * 1_000));

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 36_500;
const FOR_EVER = "forever";

const days = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => text === FOR_EVER || (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= LONGEST_DAYS), {
    error: `must be a whole number of days from 1 to ${LONGEST_DAYS}, or ${FOR_EVER}`,
  })
  .transform((text) => (text === FOR_EVER ? Number.POSITIVE_INFINITY : Number(text) * DAY_MS));

const flag = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.enum(["true", "false"], { error: "must be true or false" }))
  .transform((text) => text === "true");

const LOOPBACK = "127.0.0.1";

const SCHEMA = z.object({
  HOST: z.string().trim().default(LOOPBACK),
  PORT: port.default(8_000),
  MQTT_HOST: z.string().trim().optional(),
  MQTT_PORT: port.default(1_883),
  MQTT_URL: z
    .string()
    .trim()
    .refine((text) => /^(mqtts?|wss?|tcp|ssl):\/\/[^/]/i.test(text) && URL.canParse(text), {
      error: "must be the address of an MQTT broker, e.g. mqtt://user:password@broker.local:1883",
    })
    .optional(),
  MQTT_PASSWD_FILE: z.string().trim().optional(),
  MQTT_ACL_FILE: z.string().trim().optional(),
  MQTT_BACKEND_PASSWORD: z.string().optional(),
  DATABASE_URL: z
    .string()
    .trim()
    .default("sqlite:./data/tocsin.db")
    .transform((text, context) => {
      const location = parseDatabaseUrl(text);
      if (location.ok) return location.path;
      context.addIssue({ code: "custom", message: location.problem });
      return z.NEVER;
    }),
  TOCSIN_CONFIG: z.string().trim().optional(),
  HISTORY_RETENTION_DAYS: days.default(7 * DAY_MS),
  HISTORY_ARCHIVE_FOLDER: z
    .string()
    .trim()
    .transform((folder) => (folder.toLowerCase() === "none" ? null : folder))
    .optional(),
  READINGS_RETENTION_DAYS: days.default(90 * DAY_MS),
  DEVICE_OFFLINE_AFTER_SECONDS: seconds(0.1).default(180_000),
  OFFLINE_CHECK_INTERVAL_SECONDS: seconds(0.1).default(60_000),
  ALERT_COOLDOWN_SECONDS: seconds(0).default(3_600_000),
  ALERT_REMIND_AFTER_SECONDS: listOfSeconds.optional(),
  ALERT_RECOVERIES: flag.default(false),
  ANNOUNCE_START_AND_STOP: flag.default(false),
  DEVICE_REPORTS_PER_SECOND: wholeNumber(1, 1_000_000, "").default(1_000),
  ENCRYPTION_KEY: z.string().optional(),
  LOG_LEVEL: z
    .string()
    .trim()
    .toLowerCase()
    .pipe(z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(", ")}` }))
    .default("info"),
});

/** Of the server alone; those of Discord are the library's. */
export const VARIABLES: readonly string[] = Object.keys(SCHEMA.shape);

/** @throws ConfigError `CONFIG_ENVIRONMENT`, naming each variable that is wrong and what it should be */
export function readEnvironment(env: Environment): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ""));
  const result = SCHEMA.safeParse(set);
  const host = set["HOST"]?.trim() ?? LOOPBACK;
  const exposed = isLoopback(host) ? [] : [exposedProblem(host)];
  // Never the value: it may be a password.
  const ofValues = result.error?.issues.map(({ path, message }) => `${path.join(".")} ${message}`) ?? [];
  const problems = [...ofValues, ...idleProblems(set)];
  if (!result.success || problems.length > 0) throw new ConfigError("CONFIG_ENVIRONMENT", [...problems, ...exposed]);
  if (exposed.length > 0) throw new ConfigError("CONFIG_EXPOSED", exposed);
  const values = result.data;
  return {
    host: values.HOST,
    port: values.PORT,
    mqtt: mqttOf(values),
    configFile: values.TOCSIN_CONFIG ?? null,
    databasePath: values.DATABASE_URL,
    historyKeepMs: values.HISTORY_RETENTION_DAYS,
    historyArchiveFolder: values.HISTORY_ARCHIVE_FOLDER,
    readingsKeepMs: values.READINGS_RETENTION_DAYS,
    offlineAfterMs: values.DEVICE_OFFLINE_AFTER_SECONDS,
    offlineCheckIntervalMs: values.OFFLINE_CHECK_INTERVAL_SECONDS,
    alertCooldownMs: values.ALERT_COOLDOWN_SECONDS,
    alertRemindAfterMs: values.ALERT_REMIND_AFTER_SECONDS ?? null,
    tellsRecoveries: values.ALERT_RECOVERIES,
    announcesItself: values.ANNOUNCE_START_AND_STOP,
    deviceReportsPerSecond: values.DEVICE_REPORTS_PER_SECOND,
    // A mistake in it is told and lived with: plants are watched all the same.
    keys: readKeys(values.ENCRYPTION_KEY),
    logLevel: values.LOG_LEVEL,
  };
}

/** Of what is set although only an external broker needs it. */
function idleProblems(set: Environment): readonly string[] {
  if (set["MQTT_URL"] !== undefined) return [];
  return ["MQTT_PASSWD_FILE", "MQTT_ACL_FILE", "MQTT_BACKEND_PASSWORD"]
    .filter((name) => set[name] !== undefined)
    .map((name) => `${name} is for an external Mosquitto: name it in MQTT_URL, or leave ${name} out`);
}

function mqttOf(values: z.infer<typeof SCHEMA>): MqttConfig {
  const { MQTT_URL: url, MQTT_HOST, HOST, MQTT_PORT, MQTT_PASSWD_FILE, MQTT_ACL_FILE, MQTT_BACKEND_PASSWORD } = values;
  if (url !== undefined) {
    return {
      kind: "external",
      url,
      username: userIn(url) ?? BACKEND_USER,
      password: MQTT_BACKEND_PASSWORD ?? null,
      passwordFile: MQTT_PASSWD_FILE ?? null,
      accessFile: MQTT_ACL_FILE ?? null,
    };
  }
  return { kind: "embedded", host: MQTT_HOST ?? HOST, port: MQTT_PORT };
}

/** `null` where it names none, or none that can be read. */
function userIn(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url).username) || null;
  } catch {
    return null;
  }
}

/** Tocsin's own user where MQTT_URL names none. */
const BACKEND_USER = "backend";

function exposedProblem(host: string): string {
  return (
    `HOST is ${host}, which others on the network can reach, and the HTTP interface has no credentials in this version: ` +
    "use HOST=127.0.0.1, and a tunnel or an authenticating proxy for access from elsewhere. " +
    "Devices log in to MQTT with passwords of their own, so MQTT_HOST may be any address"
  );
}
