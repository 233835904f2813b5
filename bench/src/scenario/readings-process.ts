/** The devices: so many MQTT clients in one process. */
import { connectAsync, type MqttClient } from "mqtt";
import { answerCalls } from "../child/answer-calls.ts";

export interface Login {
  readonly id: string;
  readonly username: string;
  readonly password: string;
}

/** Messages of one device that wait for their acknowledgement at a time. */
const UNDER_WAY = 100;

let clients: readonly { readonly client: MqttClient; readonly topic: string }[] = [];

async function publishAll(device: number, count: number, metrics: number): Promise<void> {
  const { client, topic } = clients[device]!;
  let next = 0;
  const publishInTurn = async (): Promise<void> => {
    while (next < count) await client.publishAsync(topic, payload(next++, metrics), { qos: 1 });
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, publishInTurn));
}

function payload(number: number, metrics: number): string {
  const moisture = 30 + (number % 400) / 10;
  if (metrics === 1) return `{"soil_moisture":${moisture}}`;
  return `{"soil_moisture":${moisture},"temperature":${20 + (number % 80) / 10},"humidity":${40 + (number % 30)},"light":${number % 1_000}}`;
}

export const readingsCalls = {
  async connect({ port, logins }: { readonly port: number; readonly logins: readonly Login[] }): Promise<void> {
    clients = await Promise.all(
      logins.map(async ({ id, username, password }) => ({
        client: await connectAsync(`mqtt://127.0.0.1:${port}`, { username, password, reconnectPeriod: 0 }),
        topic: `devices/${id}/telemetry`,
      })),
    );
  },
  /** @returns milliseconds from the first publish to the last acknowledgement */
  async publish({ perDevice, metrics }: { readonly perDevice: number; readonly metrics: 1 | 4 }): Promise<number> {
    const startedAt = performance.now();
    await Promise.all(clients.map((_, device) => publishAll(device, perDevice, metrics)));
    return performance.now() - startedAt;
  },
  async disconnect(_: null): Promise<void> {
    await Promise.all(clients.map(({ client }) => client.endAsync()));
  },
};

answerCalls(readingsCalls);
