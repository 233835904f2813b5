/**
 * Passwords of devices: made here, stored as hashes, checked when a device connects.
 *
 * The passwords are 192 random bits, so nobody can guess one whatever a guess costs, and the hash may be a cheap one (about
 * 3 ms): it has to keep a stolen database from being of use, not to slow down a dictionary. A thousand
 * devices that reconnect after a power cut must not occupy the machine for a minute. What has been verified once is
 * remembered as a keyed digest, and costs microseconds from then on.
 */
import { createHmac, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

const PASSWORD_BYTES = 24;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const COST = { N: 1_024, r: 8, p: 1 } as const;
/** More come only from somebody who tries passwords. */
const MAX_WAITING = 1_000;

export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString("base64url");
}

/** @returns `scrypt$N$r$p$salt$hash`, so that the cost can be raised later without invalidating what is stored */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(Buffer.from(password), salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

export interface PasswordChecker<Owner extends { readonly passwordHash: string }> {
  /** `busy`: too many are being checked already. */
  check(owner: Owner, password: Uint8Array): Promise<"right" | "wrong" | "busy">;
}

/** @param options.maxWaiting checks that may wait at once. @defaultValue 1_000 */
export function createPasswordChecker<Owner extends { readonly passwordHash: string }>({
  maxWaiting = MAX_WAITING,
} = {}): PasswordChecker<Owner> {
  const key = randomBytes(HASH_BYTES);
  const verified = new WeakMap<Owner, Buffer>();
  let waiting = 0;

  return {
    async check(owner, password) {
      const digest = createHmac("sha256", key).update(password).digest();
      const known = verified.get(owner);
      if (known !== undefined) return timingSafeEqual(known, digest) ? "right" : "wrong";
      if (waiting >= maxWaiting) return "busy";
      waiting++;
      const isRight = await matches(owner.passwordHash, password).finally(() => waiting--);
      if (!isRight) return "wrong";
      verified.set(owner, digest);
      return "right";
    },
  };
}

async function matches(stored: string, password: Uint8Array): Promise<boolean> {
  const [scheme, n, r, p, salt = "", hash = ""] = stored.split("$");
  if (scheme !== "scrypt") return false;
  const wanted = Buffer.from(hash, "base64url");
  const derived = await derive(password, Buffer.from(salt, "base64url"), { N: Number(n), r: Number(r), p: Number(p) });
  return wanted.length === derived.length && timingSafeEqual(wanted, derived);
}

function derive(password: Uint8Array, salt: Buffer, cost: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, cost, (error, hash) => (error === null ? resolve(hash) : reject(error)));
  });
}
