/**
 * Who may connect, publish and subscribe at the embedded broker (A8).
 *
 * What a device publishes under topics that are not its own is acknowledged, as MQTT 3.1.1 has no way to say no, and goes
 * nowhere: a device with one wrong topic keeps working in the others.
 */
import type { Clock } from "@tocsin/core/stages";
import type { Aedes, Client, PublishPacket } from "aedes";
import { createPasswordChecker } from "../../greenhouse/credentials.ts";
import { deviceIdOf } from "../../greenhouse/device.ts";
import type { Intake } from "../../greenhouse/intake.ts";
import type { Journal } from "../../greenhouse/journal.ts";
import type { LiveDevice, Register } from "../../greenhouse/register.ts";
import type { IntakeCounters } from "../../observe/intake-counters.ts";
import type { Connections } from "./connections.ts";
import { isOwnFilter, parseTopic } from "./topic.ts";

export interface PermissionOptions {
  readonly clock: Clock;
  readonly register: Register;
  readonly intake: Intake;
  readonly journal: Journal;
  readonly counters: IntakeCounters;
  readonly connections: Connections;
}

/** How long a connection that reports too often is left unread. */
const SLOW_DOWN_MS = 250;
/** Nobody may subscribe to it: what is refused ends here. */
const NOWHERE = "refused";
/** Return codes of CONNACK (MQTT 3.1.1, 3.2.2.3). */
const UNAVAILABLE = 3;
const BAD_CREDENTIALS = 4;

export function createPreConnect(): Aedes["preConnect"] {
  return (_client, packet, callback) => {
    // Each user has its own space of client ids; else any device could throw out another by taking its id.
    if (packet.clientId) packet.clientId = `${packet.username}/${packet.clientId}`;
    // Nothing is kept for those who are away: devices report, they do not wait for messages.
    packet.clean = true;
    callback(null, true);
  };
}

export function createAuthenticate({ register, connections }: PermissionOptions): Aedes["authenticate"] {
  const passwords = createPasswordChecker<LiveDevice>();
  return (...[client, username = "", password = Buffer.alloc(0), done]) => {
    const refuse = (returnCode: number, why: string): void =>
      done(Object.assign(new Error(why), { returnCode }), false);
    const deviceId = deviceIdOf(username);
    const device = deviceId === null ? undefined : register.devices.get(deviceId);
    if (device === undefined) return refuse(BAD_CREDENTIALS, "unknown MQTT user");
    void passwords.check(device, password).then(
      (result) => {
        if (result === "busy") return refuse(UNAVAILABLE, "too many logins at once");
        // It may have been removed while its password was being checked.
        const isRight = result === "right" && register.devices.get(device.id) === device;
        if (!isRight) return refuse(BAD_CREDENTIALS, "wrong password");
        connections.own(client, device);
        done(null, true);
      },
      (error: unknown) => refuse(UNAVAILABLE, String(error)),
    );
  };
}

export function createAuthorizeSubscribe({ connections, counters }: PermissionOptions): Aedes["authorizeSubscribe"] {
  return (client, subscription, callback) => {
    const device = connections.ownerOf(client);
    if (device !== undefined && isOwnFilter(subscription.topic, device.id)) return callback(null, subscription);
    counters.refused({ deviceId: device?.id ?? "", transport: "mqtt" }, "not-authorised");
    callback(null, null);
  };
}

/**
 * Takes what is published: the broker asks whether it is allowed before it acknowledges, and the answer waits until the
 * readings are committed. Reading on from that connection waits too, which bounds memory.
 */
export function createAuthorizePublish(options: PermissionOptions): Aedes["authorizePublish"] {
  const { clock, intake, journal, counters, connections } = options;
  const slowed = new WeakMap<Client, Promise<void>>();

  /** One wait for all that this connection has sent by now. */
  function slowDown(client: Client): Promise<void> {
    const present = slowed.get(client);
    if (present !== undefined) return present;
    const wait = clock.sleep(SLOW_DOWN_MS).then(() => void slowed.delete(client));
    slowed.set(client, wait);
    return wait;
  }

  return (client, packet, callback) => {
    const device = client === null ? undefined : connections.ownerOf(client);
    if (client === null || device === undefined) return callback(new Error("only devices publish here"));
    const source = { deviceId: device.id, transport: "mqtt" } as const;
    const topic = parseTopic(packet.topic);
    packet.retain = false;
    if (topic === null || topic.deviceId !== device.id) {
      counters.refused(source, "not-authorised");
      drop(packet);
      return callback(null);
    }
    const verdict = intake.take({ ...topic, payload: payloadOf(packet) });
    counters.verdict(source, verdict);
    if (!verdict.accepted) drop(packet);
    const tooFrequent = !verdict.accepted && verdict.reason === "too-frequent";
    void (tooFrequent ? slowDown(client) : journal.committed()).then(() => callback(null));
  };
}

/** Lets the broker go on as if it were published, to nobody. */
function drop(packet: PublishPacket): void {
  packet.topic = NOWHERE;
  packet.payload = Buffer.alloc(0);
}

function payloadOf({ payload }: PublishPacket): Uint8Array {
  return typeof payload === "string" ? Buffer.from(payload) : payload;
}
