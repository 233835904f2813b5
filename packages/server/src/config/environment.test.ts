import { ConfigError } from "@tocsin/core/stages";
import { describe, expect, it } from "vitest";
import { type Environment, readEnvironment } from "./environment.ts";

const DEFAULTS = {
  tellsRecoveries: false,
  announcesItself: false,
  host: "127.0.0.1",
  port: 8_000,
  mqtt: { kind: "embedded", host: "127.0.0.1", port: 1_883 },
  configFile: null,
  databasePath: "./data/tocsin.db",
  historyKeepMs: 7 * 86_400_000,
  historyArchiveFolder: undefined,
  readingsKeepMs: 90 * 86_400_000,
  offlineAfterMs: 180_000,
  offlineCheckIntervalMs: 60_000,
  alertCooldownMs: 3_600_000,
  alertRemindAfterMs: null,
  deviceReportsPerSecond: 1_000,
  keys: { kind: "none", isMistake: false, problem: expect.stringMatching(/^ENCRYPTION_KEY is not set/) },
  logLevel: "info",
};

const EXTERNAL = {
  ...{ kind: "external", url: "mqtt://u:p@broker:1883", username: "u", password: null },
  ...{ passwordFile: null, accessFile: null },
};

function problemsOf(env: Environment): ConfigError {
  try {
    readEnvironment(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error("it was accepted");
}

describe("the server's environment", () => {
  it("may be empty", () => {
    expect(readEnvironment({})).toEqual(DEFAULTS);
  });

  it("counts an empty variable as one that is not set", () => {
    const names = ["HOST", "PORT", "MQTT_URL", "MQTT_HOST", "DATABASE_URL", "ALERT_COOLDOWN_SECONDS", "LOG_LEVEL"];
    expect(readEnvironment(Object.fromEntries(names.map((name) => [name, " "])))).toEqual(DEFAULTS);
  });

  it.each([
    [{ HOST: "localhost" }, { host: "localhost", mqtt: { kind: "embedded", host: "localhost", port: 1_883 } }],
    [{ HOST: "::1" }, { host: "::1" }],
    [{ PORT: "0" }, { port: 0 }],
    [{ MQTT_PORT: "18830" }, { mqtt: { kind: "embedded", host: "127.0.0.1", port: 18_830 } }],
    [{ MQTT_HOST: "0.0.0.0" }, { mqtt: { kind: "embedded", host: "0.0.0.0", port: 1_883 } }],
    [{ MQTT_URL: "mqtt://u:p@broker:1883" }, { mqtt: EXTERNAL }],
    [
      { MQTT_URL: "mqtt://broker", MQTT_PASSWD_FILE: "/etc/p", MQTT_ACL_FILE: "/etc/a", MQTT_BACKEND_PASSWORD: "s" },
      {
        mqtt: {
          ...{ kind: "external", url: "mqtt://broker", username: "backend", password: "s" },
          ...{ passwordFile: "/etc/p", accessFile: "/etc/a" },
        },
      },
    ],
    [{ DATABASE_URL: "sqlite:/var/lib/tocsin.db" }, { databasePath: "/var/lib/tocsin.db" }],
    [{ DATABASE_URL: "sqlite:///var/lib/tocsin.db" }, { databasePath: "/var/lib/tocsin.db" }],
    [{ DATABASE_URL: "sqlite::memory:" }, { databasePath: ":memory:" }],
    [{ DATABASE_URL: "my.db" }, { databasePath: "my.db" }],
    [{ HISTORY_RETENTION_DAYS: "30" }, { historyKeepMs: 30 * 86_400_000 }],
    [{ HISTORY_RETENTION_DAYS: "forever" }, { historyKeepMs: Number.POSITIVE_INFINITY }],
    [{ HISTORY_ARCHIVE_FOLDER: "/var/archive" }, { historyArchiveFolder: "/var/archive" }],
    [{ HISTORY_ARCHIVE_FOLDER: "None" }, { historyArchiveFolder: null }],
    [{ READINGS_RETENTION_DAYS: "1" }, { readingsKeepMs: 86_400_000 }],
    [{ READINGS_RETENTION_DAYS: "Forever" }, { readingsKeepMs: Number.POSITIVE_INFINITY }],
    [{ DEVICE_OFFLINE_AFTER_SECONDS: "2.5" }, { offlineAfterMs: 2_500 }],
    [{ OFFLINE_CHECK_INTERVAL_SECONDS: "1" }, { offlineCheckIntervalMs: 1_000 }],
    [{ ALERT_COOLDOWN_SECONDS: "0" }, { alertCooldownMs: 0 }],
    [{ ALERT_REMIND_AFTER_SECONDS: "3600, 14400" }, { alertRemindAfterMs: [3_600_000, 14_400_000] }],
    [{ ALERT_RECOVERIES: "true" }, { tellsRecoveries: true }],
    [{ DEVICE_REPORTS_PER_SECOND: "5" }, { deviceReportsPerSecond: 5 }],
    [{ ENCRYPTION_KEY: "00".repeat(32) }, { keys: { kind: "keys" } }],
    [{ LOG_LEVEL: "DEBUG" }, { logLevel: "debug" }],
  ])("no setting is dead: %j", (env, expected) => {
    expect(readEnvironment(env)).toMatchObject(expected);
    expect(readEnvironment(env)).not.toEqual(DEFAULTS);
  });

  it("names every mistake at once, with what to write, and never the value", () => {
    const env = {
      PORT: "70000",
      MQTT_PORT: "1883x",
      MQTT_URL: "http://user:hunter2@broker",
      DATABASE_URL: "mysql://user:hunter2@host/db",
      HISTORY_RETENTION_DAYS: "0",
      READINGS_RETENTION_DAYS: "1.5",
      DEVICE_OFFLINE_AFTER_SECONDS: "-1",
      OFFLINE_CHECK_INTERVAL_SECONDS: "0",
      ALERT_COOLDOWN_SECONDS: "an hour",
      LOG_LEVEL: "loud",
    };
    const { code, problems, message } = problemsOf(env);
    expect(code).toBe("CONFIG_ENVIRONMENT");
    expect(problems).toEqual([
      "PORT must be a whole number from 0 to 65535",
      "MQTT_PORT must be a whole number from 0 to 65535",
      "MQTT_URL must be the address of an MQTT broker, e.g. mqtt://user:password@broker.local:1883",
      "DATABASE_URL has the unknown scheme mysql:; use sqlite:./data/tocsin.db",
      "HISTORY_RETENTION_DAYS must be a whole number of days from 1 to 36500, or forever",
      "READINGS_RETENTION_DAYS must be a whole number of days from 1 to 36500, or forever",
      "DEVICE_OFFLINE_AFTER_SECONDS must be a number of seconds from 0.1 to 31536000",
      "OFFLINE_CHECK_INTERVAL_SECONDS must be a number of seconds from 0.1 to 31536000",
      "ALERT_COOLDOWN_SECONDS must be a number of seconds from 0 to 31536000",
      "LOG_LEVEL must be one of debug, info, warn, error, silent",
    ]);
    expect(message).not.toContain("hunter2");
  });

  it("says which variables only an external broker needs, and takes a user name that nobody can read for none", () => {
    expect(problemsOf({ MQTT_PASSWD_FILE: "/etc/p", MQTT_BACKEND_PASSWORD: "hunter2" }).problems).toEqual([
      "MQTT_PASSWD_FILE is for an external Mosquitto: name it in MQTT_URL, or leave MQTT_PASSWD_FILE out",
      "MQTT_BACKEND_PASSWORD is for an external Mosquitto: name it in MQTT_URL, or leave MQTT_BACKEND_PASSWORD out",
    ]);
    expect(readEnvironment({ MQTT_URL: "mqtt://%zz@broker" }).mqtt).toMatchObject({ username: "backend" });
  });

  it.each(["postgres://db/tocsin", "sqlite:", "sqlite://host/file"])(
    "says what is wrong with DATABASE_URL=%s",
    (url) => {
      expect(problemsOf({ DATABASE_URL: url }).problems[0]).toMatch(/^DATABASE_URL .*; use sqlite:.\/data\/tocsin.db$/);
    },
  );

  it.each(["0.0.0.0", "::", "192.168.1.5", "example.com", "1270.0.1"])(
    "refuses to be reachable for others at %s",
    (host) => {
      const { code, problems } = problemsOf({ HOST: host });
      expect(code).toBe("CONFIG_EXPOSED");
      expect(problems[0]).toMatch(/use HOST=127.0.0.1/);
    },
  );
});
