/**
 * One simulated device: an MQTT client with the credentials it was given, that reports what its series says has been measured.
 *
 * A silent device loses what it would have measured; it does not catch up.
 */
import type { Clock } from "@tocsin/core/stages";
import { connectAsync, type MqttClient } from "mqtt";
import type { Replay } from "../series/replay.ts";
import type { Point } from "../series/series.ts";
import type { Credentials } from "./api.ts";

export interface DeviceOptions {
  readonly id: string;
  readonly brokerUrl: string;
  readonly credentials: Credentials;
  readonly replay: Replay;
  readonly clock: Clock;
  readonly heartbeatMs: number;
  /** A point is on its way to the broker. */
  readonly onSent: (point: Point) => void;
  /** The broker has acknowledged it, which the server lets it do once it is in the database. */
  readonly onAcknowledged: (point: Point) => void;
}

export interface Device {
  readonly id: string;
  /** Logs in and reports from now on. @throws Error when the broker refuses it */
  connect(): Promise<void>;
  /** So much measured time has passed. */
  pass(measuredMs: number): void;
  /** Waits for acknowledgements, then is gone without a word. */
  vanish(): Promise<void>;
}

export function createDevice(options: DeviceOptions): Device {
  const { id, brokerUrl, credentials, replay, clock, heartbeatMs, onSent, onAcknowledged } = options;
  const underWay = new Set<Promise<void>>();
  let client: MqttClient | null = null;
  let connecting: Promise<void> = Promise.resolve();
  let heartbeatDueAt = 0;

  function publish(kind: "telemetry" | "heartbeat", json: object, acknowledged: () => void): void {
    if (client === null) return;
    const sending = client
      .publishAsync(`devices/${id}/${kind}`, JSON.stringify(json), { qos: 1 })
      // Cut off before it was acknowledged: the tally shows it.
      .then(acknowledged, () => undefined)
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  }

  async function connect(): Promise<void> {
    client = await connectAsync(brokerUrl, { ...credentials, clientId: id }, false);
    // Without a listener a lost connection would end the program; the client tries again by itself.
    client.on("error", () => undefined);
  }

  return {
    id,
    connect() {
      connecting = connect();
      return connecting;
    },
    pass(measuredMs) {
      const points = replay.advance(measuredMs);
      if (client === null) return;
      for (const point of points) {
        onSent(point);
        publish("telemetry", point.values, () => onAcknowledged(point));
      }
      if (clock.now() < heartbeatDueAt) return;
      heartbeatDueAt = clock.now() + heartbeatMs;
      publish("heartbeat", {}, () => undefined);
    },
    async vanish() {
      await connecting.catch(() => undefined);
      const leaving = client;
      client = null;
      await Promise.all(underWay);
      await leaving?.endAsync(true);
    },
  };
}
