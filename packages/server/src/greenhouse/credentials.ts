/**
 * Passwords of devices: made here, stored as hashes, checked when a device connects.
 *
 * The passwords are 192 random bits, so nobody can guess one whatever a guess costs, and the hash may be a cheap one (under
 * 1 ms): it has to keep a stolen database from being of use, not to slow down a dictionary. A thousand
 * devices that reconnect after a power cut must not occupy the machine for a minute. What has been verified once is
 * remembered as a keyed digest, and costs microseconds from then on, until its owner has another password.
 *
 * The form is Mosquitto's own, so that a Mosquitto can take over, and give back, whenever somebody wants it.
 */
import { createHmac, pbkdf2, randomBytes, timingSafeEqual } from "node:crypto";

const PASSWORD_BYTES = 24;
/** As Mosquitto reads them: `HASH_LEN` and `SALT_LEN` of its password files. */
const SALT_BYTES = 12;
const HASH_BYTES = 64;
/** Mosquitto's own default is 101. */
const ITERATIONS = 1_000;
const DIGEST_BYTES = 32;
const FORM = /^\$7\$(?<iterations>[1-9]\d{0,6})\$(?<salt>[\w+/]+=*)\$(?<hash>[\w+/]+=*)$/;
/** More come only from somebody who tries passwords. */
const MAX_WAITING = 1_000;

export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString("base64url");
}

/** @returns `$7$iterations$salt$hash` (PBKDF2 with SHA-512), so that the cost can be raised later without invalidating what is stored */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(Buffer.from(password), salt, ITERATIONS);
  return `$7$${ITERATIONS}$${salt.toString("base64")}$${hash.toString("base64")}`;
}

/** Whether Mosquitto can check a password against it. */
export function isMosquittoHash(stored: string): boolean {
  return FORM.test(stored);
}

export interface PasswordChecker<Owner extends { readonly passwordHash: string }> {
  /** `busy`: too many are being checked already. */
  check(owner: Owner, password: Uint8Array): Promise<"right" | "wrong" | "busy">;
}

/** @param options.maxWaiting checks that may wait at once. @defaultValue 1_000 */
export function createPasswordChecker<Owner extends { readonly passwordHash: string }>({
  maxWaiting = MAX_WAITING,
} = {}): PasswordChecker<Owner> {
  const key = randomBytes(DIGEST_BYTES);
  const verified = new WeakMap<Owner, { readonly hash: string; readonly digest: Buffer }>();
  let waiting = 0;

  return {
    async check(owner, password) {
      const digest = createHmac("sha256", key).update(password).digest();
      const known = verified.get(owner);
      const hash = owner.passwordHash;
      if (known?.hash === hash) return timingSafeEqual(known.digest, digest) ? "right" : "wrong";
      if (waiting >= maxWaiting) return "busy";
      waiting++;
      const isRight = await matches(hash, password).finally(() => waiting--);
      // It may have got another one while this one was being checked.
      if (!isRight || owner.passwordHash !== hash) return "wrong";
      verified.set(owner, { hash, digest });
      return "right";
    },
  };
}

export async function matches(stored: string, password: Uint8Array): Promise<boolean> {
  const { iterations, salt = "", hash = "" } = FORM.exec(stored)?.groups ?? {};
  const wanted = Buffer.from(hash, "base64");
  if (wanted.length !== HASH_BYTES) return false;
  const derived = await derive(password, Buffer.from(salt, "base64"), Number(iterations));
  return timingSafeEqual(wanted, derived);
}

function derive(password: Uint8Array, salt: Buffer, iterations: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, hash: Buffer): void => (error === null ? resolve(hash) : reject(error));
    pbkdf2(password, salt, iterations, HASH_BYTES, "sha512", done);
  });
}
