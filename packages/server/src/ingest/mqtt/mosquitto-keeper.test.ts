/** Tocsin as the keeper of a real Mosquitto's password file and access list (A8). */
import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Named } from "../../../testing/http-harness.ts";
import { createMosquitto, type Mosquitto } from "../../../testing/mosquitto.ts";
import { startTestApp, type TestApp } from "../../../testing/test-app.ts";
import { createTestLogger } from "../../../testing/test-logger.ts";
import { hashPassword } from "../../greenhouse/credentials.ts";
import { createMosquittoKeeper } from "./mosquitto-keeper.ts";

const BACKEND_PASSWORD = "open: sesame";
const SOON = { timeout: 10_000 };

interface Credentials {
  readonly username: string;
  readonly password: string;
}

describe("with a real Mosquitto", () => {
  let mosquitto: Mosquitto;
  let server: TestApp;

  beforeEach(async () => {
    mosquitto = await createMosquitto({ asksForLogins: true });
    server = await startTestApp({
      env: {
        MQTT_URL: mosquitto.url,
        MQTT_PASSWD_FILE: mosquitto.files.passwords,
        MQTT_ACL_FILE: mosquitto.files.access,
        MQTT_BACKEND_PASSWORD: BACKEND_PASSWORD,
      },
    });
    await mosquitto.start();
    await expect.poll(connected, SOON).toBe(200);
  });

  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    await mosquitto[Symbol.asyncDispose]();
  });

  const connected = async (): Promise<number> => (await server.call("GET", "/health")).status;
  const ingest = async () =>
    (await server.call<{ services: { ingest: { accepted: number; refused: object } } }>("GET", "/health")).json.services
      .ingest;

  async function register(id: string): Promise<Credentials> {
    const before = readFileSync(mosquitto.files.passwords, "utf8");
    const { mqtt } = (await server.call<Named & { mqtt: Credentials }>("POST", "/api/devices", { id })).json;
    await expect.poll(() => readFileSync(mosquitto.files.passwords, "utf8"), SOON).not.toBe(before);
    // The access list is written after the passwords.
    await expect.poll(() => readFileSync(mosquitto.files.access, "utf8"), SOON).toContain(`devices/${id}/#`);
    return mqtt;
  }

  function publish({ username, password }: Credentials, topic: string): Promise<unknown> {
    const login = ["-u", username, "-P", password];
    const args = ["-h", "127.0.0.1", "-p", String(mosquitto.port), "-q", "1", "-t", topic, "-m", "{}", ...login];
    return promisify(execFile)("mosquitto_pub", args);
  }

  it("Tocsin logs in by itself, and devices with the passwords that they were given, under their own topics only", async () => {
    const [one, other] = [await register("device-abc"), await register("device-xyz")];
    await mosquitto.reload();
    await publish(one, "devices/device-abc/heartbeat");
    await publish(other, "devices/device-xyz/heartbeat");
    await expect.poll(ingest, SOON).toMatchObject({ accepted: 2 });
    await expect(publish({ ...one, password: "guessed" }, "devices/device-abc/heartbeat")).rejects.toThrow(
      /not authorised/i,
    );
    // Acknowledged, as MQTT 3.1.1 has no way to say no, and told to nobody.
    await publish(one, "devices/device-xyz/heartbeat").catch(() => undefined);
    await publish(other, "devices/device-xyz/heartbeat");
    await expect.poll(ingest, SOON).toMatchObject({ accepted: 3, refused: {} });
  }, 30_000);

  it("a device that was removed cannot log in any more; the others, and who is not ours, can", async () => {
    const { passwords } = mosquitto.files;
    const [gone, stays] = [await register("device-gone"), await register("device-stays")];
    const foreign = `grafana:${await hashPassword("tuesday")}`;
    writeFileSync(passwords, `${foreign}\n${readFileSync(passwords, "utf8")}`);
    await server.call("DELETE", "/api/devices/device-gone");
    await expect.poll(() => readFileSync(passwords, "utf8"), SOON).not.toContain("device-gone");
    await mosquitto.reload();
    await expect(publish(gone, "devices/device-gone/heartbeat")).rejects.toThrow(/not authorised/i);
    await publish(stays, "devices/device-stays/heartbeat");
    await publish({ username: "grafana", password: "tuesday" }, "elsewhere");
    expect(readFileSync(passwords, "utf8")).toContain(foreign);
    expect(readFileSync(passwords, "utf8")).not.toContain(stays.password);
  }, 30_000);

  it("a device that gets a new password gets in with that one only", async () => {
    const { passwords } = mosquitto.files;
    const former = await register("device-abc");
    const before = readFileSync(passwords, "utf8");
    const { mqtt } = (await server.call<{ mqtt: Credentials }>("POST", "/api/devices/device-abc/credentials")).json;
    await expect.poll(() => readFileSync(passwords, "utf8"), SOON).not.toBe(before);
    await mosquitto.reload();
    await expect(publish(former, "devices/device-abc/heartbeat")).rejects.toThrow(/not authorised/i);
    await publish(mqtt, "devices/device-abc/heartbeat");
  }, 30_000);

  it("what mosquitto_passwd writes is understood, and the other way round", async () => {
    const { passwords } = mosquitto.files;
    const { username, password } = await register("device-abc");
    await promisify(execFile)("mosquitto_passwd", ["-b", passwords, "grafana", "tuesday"]);
    expect(readFileSync(passwords, "utf8")).toContain(`${username}:$7$1000$`);
    await register("device-xyz");
    await mosquitto.reload();
    await publish({ username, password }, "devices/device-abc/heartbeat");
    await publish({ username: "grafana", password: "tuesday" }, "elsewhere");
  }, 30_000);
});

describe("the files of a Mosquitto", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-keeper-"));
  });

  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true, force: true });
  });

  async function keeperOf(passwordFile: string, ids: readonly string[]) {
    const { logger, lines } = createTestLogger("debug");
    const passwordHash = await hashPassword("given");
    const known = ids.map((id) => ({ id, passwordHash }));
    const keeper = createMosquittoKeeper({
      ...{ passwordFile, accessFile: join(dirname(passwordFile), "access"), logger },
      backend: { username: "backend", password: BACKEND_PASSWORD },
      devices: () => known,
    });
    return { keeper, known, lines };
  }

  it("are left alone when nothing has changed, also by the next process", async () => {
    const path = join(folder, "passwords");
    const { keeper, known, lines } = await keeperOf(path, ["a"]);
    await keeper.sync();
    expect(lines.filter(({ msg }) => /SIGHUP/.test(msg ?? ""))).toHaveLength(1);
    const before = [readFileSync(path, "utf8"), statSync(path).ino];
    await Promise.all([keeper.sync(), keeper.sync()]);
    const { keeper: next } = await keeperOf(path, []);
    expect([readFileSync(path, "utf8"), statSync(path).ino]).toEqual(before);
    expect(lines.filter(({ msg }) => /SIGHUP/.test(msg ?? ""))).toHaveLength(1);
    known.length = 0;
    await next.sync();
    expect(readFileSync(path, "utf8")).not.toContain("device_a");
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it("keep their mode, and what is not ours in them, and leave nothing beside them", async () => {
    const path = join(folder, "passwords");
    writeFileSync(path, "# mine\ngrafana:$7$101$c2FsdA==$aGFzaA==\ndevice_unknown:$7$101$c2FsdA==$aGFzaA==\n");
    writeFileSync(join(folder, "access"), "user grafana\ntopic read #\n");
    chmodSync(path, 0o604);
    const { keeper } = await keeperOf(path, ["b", "a"]);
    await keeper.sync();
    await keeper.sync();
    expect(readFileSync(path, "utf8").replace(/\$7\$1000\$.*/g, "…")).toBe(
      "# mine\ngrafana:$7$101$c2FsdA==$aGFzaA==\nbackend:…\ndevice_a:…\ndevice_b:…\n",
    );
    expect(statSync(path).mode & 0o777).toBe(0o604);
    expect(readFileSync(join(folder, "access"), "utf8")).toBe(
      [
        "user grafana",
        "topic read #",
        "# From here to its end mark Tocsin writes; the rest is yours.",
        "user backend",
        "topic read devices/#",
        "user device_a",
        "topic write devices/a/#",
        "user device_b",
        "topic write devices/b/#",
        "# End of what Tocsin writes.",
        "",
      ].join("\n"),
    );
    expect(readdirSync(folder).toSorted()).toEqual(["access", "passwords"]);
  });

  it("that cannot be written are a line in the log, and tried again with the next change", async () => {
    const path = join(folder, "not there", "passwords");
    const { keeper, lines } = await keeperOf(path, ["a"]);
    await keeper.sync();
    expect(lines.filter(({ msg }) => /cannot be written/.test(msg ?? ""))).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain(BACKEND_PASSWORD);
    expect(existsSync(path)).toBe(false);
    mkdirSync(dirname(path));
    await keeper.sync();
    expect(readFileSync(path, "utf8")).toContain("device_a:");
  });
});
