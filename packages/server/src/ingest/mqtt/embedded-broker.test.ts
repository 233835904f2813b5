import { execFile } from "node:child_process";
import { connect as connectSocket } from "node:net";
import { promisify } from "node:util";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { generate } from "mqtt-packet";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestApp, type TestApp } from "../../../testing/test-app.ts";

interface Registered {
  readonly id: string;
  readonly mqtt: { readonly username: string; readonly password: string };
}

interface Ingest {
  readonly accepted: number;
  readonly readings: number;
  readonly refused: Readonly<Record<string, number>>;
}

let server: TestApp;
let plant: string;
let device: Registered;
let clients: MqttClient[];

beforeEach(async () => {
  server = await startTestApp({ env: { DEVICE_REPORTS_PER_SECOND: "50" } });
  clients = [];
  const body = { name: "Monstera", thresholds: { soil_moisture: { min: 20, max: 80 } } };
  plant = (await server.call<{ id: string }>("POST", "/api/plants", body)).json.id;
  device = await register("device-abc");
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.endAsync(true)));
  await server[Symbol.asyncDispose]();
});

async function register(id: string): Promise<Registered> {
  return (await server.call<Registered>("POST", "/api/devices", { id, plant_id: plant })).json;
}

async function connect(who: Registered = device, options: IClientOptions = {}): Promise<MqttClient> {
  const url = `mqtt://127.0.0.1:${server.addresses.mqttPort}`;
  const client = await connectAsync(url, { ...who.mqtt, reconnectPeriod: 0, ...options });
  client.on("error", () => undefined);
  clients.push(client);
  return client;
}

async function ingest(): Promise<Ingest> {
  return (await server.call<{ services: { ingest: Ingest } }>("GET", "/health")).json.services.ingest;
}

async function values(): Promise<number[]> {
  const { json } = await server.call<{ items: { value: number }[] }>("GET", `/api/plants/${plant}/readings`);
  return json.items.map(({ value }) => value);
}

/** Sends something that is taken, after which everything before it has been looked at. */
async function settle(client: MqttClient): Promise<void> {
  await client.publishAsync("devices/device-abc/heartbeat", "{}", { qos: 1 });
}

function closed(client: MqttClient): Promise<void> {
  return new Promise((resolve) => client.once("close", () => resolve()));
}

describe("a device (A7, A8)", () => {
  it("publishes with QoS 0, 1 and 2; with 1 and 2 its readings are stored when it is told so", async () => {
    const client = await connect();
    await client.publishAsync("devices/device-abc/telemetry", '{"soil_moisture": 41}', { qos: 1 });
    expect(await values()).toEqual([41]);
    await client.publishAsync("devices/device-abc/telemetry", '{"soil_moisture": 42}', { qos: 2 });
    expect(await values()).toEqual([42, 41]);
    await client.publishAsync("devices/device-abc/telemetry", '{"soil_moisture": 43}', { qos: 0 });
    await settle(client);
    expect(await values()).toEqual([43, 42, 41]);
  });

  it("that gets a new password is disconnected, and gets in with that one only, also after a restart", async () => {
    const client = await connect();
    const ended = closed(client);
    const { json: renewed } = await server.call<Registered>("POST", "/api/devices/device-abc/credentials");
    await ended;
    await expect(connect()).rejects.toThrow(/Bad username or password/);
    await settle(await connect(renewed));
    await server.stop();
    server = await startTestApp({ folder: server.folder });
    await expect(connect()).rejects.toThrow(/Bad username or password/);
    await settle(await connect(renewed));
  });

  it("does not get in with a wrong password, a wrong name, or none", async () => {
    const { mqtt } = device;
    const wrong: IClientOptions[] = [
      { ...mqtt, password: "wrong" },
      { ...mqtt, username: "device_ghost" },
      { ...mqtt, username: "device-abc" },
      { ...mqtt, username: "" },
      { username: mqtt.username },
      {},
    ];
    const url = `mqtt://127.0.0.1:${server.addresses.mqttPort}`;
    for (const options of wrong) {
      await expect(connectAsync(url, { ...options, reconnectPeriod: 0 })).rejects.toThrow(/Bad username or password/);
    }
  });

  it("cannot publish for another, is counted and logged once, and keeps its connection", async () => {
    await register("other");
    const client = await connect();
    for (const topic of ["devices/other/telemetry", "devices/other/heartbeat", "elsewhere", "$SYS/x/new/clients"]) {
      await client.publishAsync(topic, '{"soil_moisture": 1}', { qos: 1, retain: true });
    }
    await settle(client);
    expect((await ingest()).refused).toEqual({ "not-authorised": 4 });
    expect(await values()).toEqual([]);
    expect((await server.call("GET", "/api/devices/other")).json).toMatchObject({ status: "never_seen" });
    expect(server.log.filter(({ reason }) => reason === "not-authorised")).toMatchObject([{ deviceId: "device-abc" }]);
  });

  it("hears nothing of others", async () => {
    const other = await register("other");
    const [client, spy] = [await connect(), await connect(other)];
    const heard: string[] = [];
    spy.on("message", (topic) => heard.push(topic));
    for (const filter of ["#", "devices/#", "devices/+/telemetry", "devices/device-abc/telemetry", "refused"]) {
      await spy.subscribeAsync(filter).catch(() => undefined);
    }
    await spy.subscribeAsync("devices/other/#");
    await client.publishAsync("devices/device-abc/telemetry", '{"soil_moisture": 41}', { qos: 1 });
    await client.publishAsync("devices/other/telemetry", '{"soil_moisture": 1}', { qos: 1 });
    await spy.publishAsync("devices/other/telemetry", '{"soil_moisture": 42}', { qos: 1 });
    await spy.publishAsync("devices/other/heartbeat", "{}", { qos: 1 });
    await settle(client);
    expect(new Set(heard)).toEqual(new Set(["devices/other/telemetry", "devices/other/heartbeat"]));
    expect(heard).toHaveLength(2);
  });

  it("cannot throw out another by taking its client id", async () => {
    const other = await register("other");
    const client = await connect(device, { clientId: "sensor-1" });
    await connect(other, { clientId: "sensor-1" });
    await settle(client);
    expect(client.connected).toBe(true);
  });

  it("loses its connection when it is deleted, and does not get in again", async () => {
    const client = await connect();
    const gone = closed(client);
    await server.call("DELETE", "/api/devices/device-abc");
    await gone;
    await expect(connect()).rejects.toThrow(/Bad username or password/);
  });

  it("that forgets its connections has 8 at most", async () => {
    const many = [];
    for (let i = 0; i < 8; i++) many.push(await connect());
    const first = closed(many[0]!);
    await connect();
    await first;
    expect(many.map(({ connected }) => connected)).toEqual([false, ...Array(7).fill(true)]);
  });
});

describe("bad input over MQTT", () => {
  it.each([
    ["malformed-json", "soil is dry"],
    ["malformed-json", '{"soil_moisture": NaN}'],
    ["not-finite", '{"soil_moisture": 1e999}'],
    ["not-a-number", '{"soil_moisture": "10"}'],
    ["invalid-utf8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
    ["too-large", JSON.stringify({ note: "x".repeat(1_000_000) })],
  ])("%s is refused, counted and visible, and the next reading is stored", async (reason, payload) => {
    const client = await connect();
    await client.publishAsync("devices/device-abc/telemetry", payload, { qos: 1 });
    await client.publishAsync("devices/device-abc/telemetry", '{"soil_moisture": 41}', { qos: 1 });
    expect((await ingest()).refused).toEqual({ [reason]: 1 });
    expect(await values()).toEqual([41]);
    expect(client.connected).toBe(true);
  });

  it("a packet beyond 2 MiB ends that connection before it is gathered, and no other", async () => {
    const other = await register("other");
    const [client, bystander] = [await connect(), await connect(other)];
    const gone = closed(client);
    client.publish("devices/device-abc/telemetry", Buffer.alloc(3 * 1_024 * 1_024));
    await gone;
    await bystander.publishAsync("devices/other/telemetry", '{"soil_moisture": 41}', { qos: 1 });
    expect((await ingest()).refused).toEqual({ "too-large": 1 });
    expect(await values()).toEqual([41]);
  });

  it("a stranger who sends much, nonsense or nothing does not disturb the others", async () => {
    const client = await connect();
    const { mqttPort } = server.addresses;
    const strangers = [
      Buffer.concat([Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(100_000)]),
      Buffer.from("GET / HTTP/1.1\r\n\r\n"),
    ];
    for (const bytes of strangers) {
      await new Promise<void>((resolve) => {
        const socket = connectSocket(mqttPort!, "127.0.0.1", () => socket.write(bytes));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
        socket.resume();
      });
    }
    connectSocket(mqttPort!, "127.0.0.1").on("error", () => undefined);
    await settle(client);
    expect(client.connected).toBe(true);
  });

  it("a flood from one device is refused beyond its share, while the other's reading is stored at once", async () => {
    const other = await register("other");
    const [client, bystander] = [await connect(), await connect(other)];
    for (let i = 0; i < 5_000; i++) client.publish("devices/device-abc/telemetry", '{"flood": 1}');
    await bystander.publishAsync("devices/other/telemetry", '{"soil_moisture": 41}', { qos: 1 });
    expect(await values()).toContain(41);
    const { refused, readings } = await ingest();
    expect(refused["too-frequent"]).toBeGreaterThan(100);
    // A burst of 100, then 50 a second.
    expect(readings).toBeLessThan(300);
  });

  it("a will under a topic that is not the device's own goes nowhere", async () => {
    await register("other");
    const url = `mqtt://127.0.0.1:${server.addresses.mqttPort}`;
    const will = {
      topic: "devices/other/telemetry",
      payload: Buffer.from('{"soil_moisture": 1}'),
      qos: 0,
      retain: true,
    } as const;
    const dying = await connectAsync(url, { ...device.mqtt, will, reconnectPeriod: 0 });
    dying.stream.destroy();
    const client = await connect();
    await expect.poll(async () => (await ingest()).refused).toEqual({ "not-authorised": 1 });
    await settle(client);
    expect(await values()).toEqual([]);
  });

  it("CONNECT sent twice, or anything before it, ends that connection alone", async () => {
    const client = await connect();
    const connectPacket = generate({
      cmd: "connect",
      protocolId: "MQTT",
      protocolVersion: 4,
      clean: true,
      clientId: "x",
      keepalive: 0,
    });
    const publishPacket = generate({
      cmd: "publish",
      topic: "devices/device-abc/telemetry",
      payload: '{"a":1}',
      qos: 0,
      dup: false,
      retain: false,
    });
    for (const bytes of [publishPacket, Buffer.concat([connectPacket, connectPacket])]) {
      await new Promise<void>((resolve) => {
        const socket = connectSocket(server.addresses.mqttPort!, "127.0.0.1", () => socket.write(bytes));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
        socket.resume();
      });
    }
    await settle(client);
    expect((await ingest()).readings).toBe(0);
  });
});

describe("mosquitto_pub", () => {
  it("works as in the earlier system's instructions (A11)", async () => {
    const { username, password } = device.mqtt;
    const where = ["-h", "127.0.0.1", "-p", String(server.addresses.mqttPort), "-u", username, "-P", password];
    const what = ["-t", "devices/device-abc/telemetry", "-m", '{"soil_moisture": 10.0}'];
    await promisify(execFile)("mosquitto_pub", [...where, ...what]);
    expect(await server.untilTold(1)).toMatchObject([{ message: "Soil Moisture is 10.0, threshold min 20.0" }]);
  });
});
