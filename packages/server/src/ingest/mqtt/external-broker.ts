/**
 * Devices behind a broker that somebody else runs (`MQTT_URL`). Who may publish where is that broker's business (with a Mosquitto,
 * mosquitto-keeper.ts tells it); here every message counts as coming from the device in its topic.
 *
 * The connection is kept up for ever: a broker that is away is a warning, not an error, and the offline checker
 * pauses meanwhile ({@link ExternalBroker.connectedSince}).
 */
import type { Clock } from "@tocsin/core/stages";
import { connect, ErrorWithReasonCode, type MqttClient } from "mqtt";
import type { Logger } from "pino";
import type { Intake } from "../../greenhouse/intake.ts";
import type { Journal } from "../../greenhouse/journal.ts";
import type { IntakeCounters } from "../../observe/intake-counters.ts";
import { parseTopic } from "./topic.ts";

export interface ExternalBrokerOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`, with user and password where needed. */
  readonly url: string;
  /** In place of those in the URL; `null` for those. */
  readonly login: { readonly username: string; readonly password: string } | null;
  readonly clock: Clock;
  readonly intake: Intake;
  readonly journal: Journal;
  readonly counters: IntakeCounters;
  readonly logger: Logger;
}

export interface ExternalBroker {
  /** Epoch milliseconds; `null` while there is no connection. */
  readonly connectedSince: number | null;
  close(): Promise<void>;
}

const TOPICS = ["devices/+/telemetry", "devices/+/heartbeat"];
const RECONNECT_AFTER_MS = 1_000;
/** Messages taken without waiting for the database to catch up. */
const MAX_UNCOMMITTED = 5_000;

export function connectExternalBroker(options: ExternalBrokerOptions): ExternalBroker {
  const { url, login, clock, intake, journal, counters, logger } = options;
  const client = connect(url, {
    ...login,
    reconnectPeriod: RECONNECT_AFTER_MS,
    // A Mosquitto that was there first does not know Tocsin's own user before it reads its files again.
    reconnectOnConnackError: true,
    queueQoSZero: false,
  });
  let connectedSince: number | null = null;
  /** Of the last attempt, so that a broker that is away for days does not fill the log. */
  let reason: string | null = null;
  let uncommitted = 0;

  function take(topic: string, payload: Uint8Array): void {
    const parsed = parseTopic(topic);
    if (parsed === null) return;
    const verdict = intake.take({ ...parsed, payload });
    counters.verdict({ deviceId: parsed.deviceId, transport: "mqtt" }, verdict);
  }

  // Called once per message, before it is acknowledged; the next one waits for `done`.
  client.handleMessage = ({ topic, payload }, done) => {
    take(topic, typeof payload === "string" ? Buffer.from(payload) : payload);
    if (++uncommitted < MAX_UNCOMMITTED) return done();
    void journal.committed().then(() => {
      uncommitted = 0;
      done();
    });
  };
  client.on("connect", () => {
    connectedSince = clock.now();
    reason = null;
    logger.info("Connected to the MQTT broker");
    client.subscribe(TOPICS, { qos: 1 }, (error, granted) => {
      const denied = granted?.filter(({ qos }) => qos >= 128).map(({ topic }) => topic) ?? [];
      if (error !== null || denied.length > 0) {
        logger.error(
          { err: error, denied },
          "The MQTT broker does not let Tocsin subscribe; check what its user may read",
        );
      }
    });
  });
  client.on("close", () => {
    if (connectedSince !== null) logger.warn("Lost the connection to the MQTT broker; trying again");
    connectedSince = null;
  });
  client.on("error", (error) => {
    if (error.message === reason) return;
    reason = error.message;
    const what = isRefused(error)
      ? "The MQTT broker refuses Tocsin's login: check MQTT_BACKEND_PASSWORD and the user in MQTT_URL, and have Mosquitto read its files again"
      : "Cannot reach the MQTT broker";
    logger.warn({ err: error }, `${what}; it is tried again each second, and this is logged once`);
  });

  return {
    get connectedSince() {
      return connectedSince;
    },
    close: () => end(client),
  };
}

/** "Bad user name or password" and "not authorized", MQTT 3.1.1, section 3.2.2.3. */
function isRefused(error: Error): boolean {
  return error instanceof ErrorWithReasonCode && (error.code === 4 || error.code === 5);
}

async function end(client: MqttClient): Promise<void> {
  await client.endAsync(true);
}
