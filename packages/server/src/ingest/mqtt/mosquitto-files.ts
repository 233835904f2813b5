/**
 * What Tocsin keeps in the files of a Mosquitto (A8): who may log in, and who may publish where. Pure.
 *
 * In the password file every user `device_…` is Tocsin's, and its own; other lines stay. In the access list it is what stands between two
 * marks; the rest stays.
 */
import { isMosquittoHash } from "../../greenhouse/credentials.ts";
import { deviceIdOf, usernameOf } from "../../greenhouse/device.ts";

export interface Login {
  readonly username: string;
  readonly hash: string;
}

export interface KnownDevice {
  readonly id: string;
  readonly passwordHash: string;
}

/** @param backend Tocsin's own; `null` where somebody else looks after it */
export function passwordFile(before: string, devices: Iterable<KnownDevice>, backend: Login | null): string {
  const kept = linesOf(before).filter((line) => {
    const user = userOf(line);
    return deviceIdOf(user) === null && user !== backend?.username;
  });
  const own = [...devices]
    .filter(({ passwordHash }) => isMosquittoHash(passwordHash))
    .map(({ id, passwordHash }) => `${usernameOf(id)}:${passwordHash}`)
    .toSorted();
  return textOf([...kept, ...(backend === null ? [] : [`${backend.username}:${backend.hash}`]), ...own]);
}

/** The hash of this user, as the file has it; `null` when it is not there. */
export function hashOf(file: string, username: string): string | null {
  const line = linesOf(file).find((one) => userOf(one) === username);
  return line?.slice(username.length + 1) ?? null;
}

const BEGIN = "# From here to its end mark Tocsin writes; the rest is yours.";
const END = "# End of what Tocsin writes.";

export function accessList(before: string, devices: Iterable<KnownDevice>, backend: string): string {
  const lines = linesOf(before);
  const [from, to] = [lines.indexOf(BEGIN), lines.indexOf(END)];
  const kept = from === -1 || to < from ? lines : [...lines.slice(0, from), ...lines.slice(to + 1)];
  const ofDevices = [...devices].map(({ id }) => [`user ${usernameOf(id)}`, `topic write devices/${id}/#`]).toSorted();
  return textOf([...kept, BEGIN, `user ${backend}`, "topic read devices/#", ...ofDevices.flat(), END]);
}

function userOf(line: string): string {
  return line.split(":", 1)[0] ?? "";
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
