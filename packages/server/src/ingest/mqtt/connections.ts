/** Which connection belongs to which device, and how much any of them may send at once. */
import type { Socket } from "node:net";
import type { Aedes, Client } from "aedes";
import type { LiveDevice } from "../../greenhouse/register.ts";
import type { IntakeCounters } from "../../observe/intake-counters.ts";
import { createPacketGuard } from "./packet-guard.ts";

/** Largest packet of a device that is logged in. The payload's own, smaller limit answers more gently: see the intake. */
const MAX_PACKET_BYTES = 2 * 1_024 * 1_024;
/** Before it is logged in, all it has to say is CONNECT. */
const MAX_PACKET_BYTES_BEFORE_LOGIN = 64 * 1_024;
const PROBE_AFTER_MS = 60_000;
/** A device that loses its network leaves dead connections behind; beyond this many the oldest is ended. */
const MAX_CONNECTIONS_PER_DEVICE = 8;

export interface Connections {
  /** Hands a new connection to the broker. */
  accept(socket: Socket, broker: Aedes): void;
  /** It has logged in as that device. */
  own(client: Client, device: LiveDevice): void;
  ownerOf(client: Client): LiveDevice | undefined;
  /** Ends all connections of a device. */
  disconnect(deviceId: string): void;
  /** Ends what the broker does not know of: connections that never logged in. */
  destroyAll(): void;
}

export function createConnections({ counters }: { readonly counters: IntakeCounters }): Connections {
  const owners = new WeakMap<Client, LiveDevice>();
  const clients = new Map<string, Set<Client>>();
  const sockets = new Set<Socket>();

  function disown(client: Client): void {
    const deviceId = owners.get(client)?.id;
    const all = deviceId === undefined ? undefined : clients.get(deviceId);
    all?.delete(client);
    if (deviceId !== undefined && all?.size === 0) clients.delete(deviceId);
  }

  return {
    accept(socket, broker) {
      sockets.add(socket);
      // Finds out about peers that are gone without a word, also when they asked for no keep-alive of MQTT's own.
      socket.setKeepAlive(true, PROBE_AFTER_MS);
      const client = broker.handle(socket);
      const guard = createPacketGuard();
      // The broker reads by itself ("readable"); what it reads passes by here ("data") just before.
      socket.on("data", (chunk: Buffer) => {
        const device = owners.get(client);
        const limitBytes = device === undefined ? MAX_PACKET_BYTES_BEFORE_LOGIN : MAX_PACKET_BYTES;
        if (guard.watch(chunk, limitBytes) === null) return;
        counters.refused({ deviceId: device?.id ?? "", transport: "mqtt" }, "too-large");
        socket.destroy();
      });
      socket.on("close", () => {
        sockets.delete(socket);
        disown(client);
      });
    },
    own(client, device) {
      owners.set(client, device);
      const all = clients.get(device.id) ?? new Set();
      clients.set(device.id, all.add(client));
      if (all.size > MAX_CONNECTIONS_PER_DEVICE) all.values().next().value?.close();
    },
    ownerOf: (client) => owners.get(client),
    disconnect(deviceId) {
      for (const client of [...(clients.get(deviceId) ?? [])]) client.close();
    },
    destroyAll() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
