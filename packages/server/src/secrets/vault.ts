/**
 * Seals texts that must not be read by whoever gets hold of the database: AES-256-GCM, a random nonce each, bound to what the text is
 * about, so that it opens in its own place only.
 *
 *   v1 . <id of the key> . <nonce, ciphertext and tag in base64url>
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { KeyRing, SecretKey } from "./keys.ts";

export type Sealed = `v1.${string}`;

/** `problem`: one sentence, with what to do; free of secrets. */
export type Opened = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

export interface Vault {
  /** Why nothing can be sealed, one sentence with what to do; `null` when it can. */
  readonly problem: string | null;
  /**
   * @param about what the text belongs to; the same has to be said to open it
   * @throws Error when there is a `problem`
   */
  seal(text: string, about: string): Sealed;
  open(sealed: string, about: string): Opened;
  /** Whether it was sealed with the key of today. */
  isCurrent(sealed: string): boolean;
}

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = /^v1\.(?<id>[\da-f]+)\.(?<bytes>[\w-]+)$/;

export function createVault(ring: KeyRing): Vault {
  return {
    problem: ring.kind === "none" ? ring.problem : null,
    seal(text, about) {
      if (ring.kind === "none") throw new Error(ring.problem);
      return sealWith(ring.keys[0], text, about);
    },
    open(sealed, about) {
      if (ring.kind === "none") return no(ring.problem);
      const { id, bytes } = FORM.exec(sealed)?.groups ?? {};
      if (id === undefined || bytes === undefined) return no(DAMAGED);
      const key = ring.keys.find((one) => one.id === id);
      return key === undefined ? no(unknownKey(id)) : openWith(key, Buffer.from(bytes, "base64url"), about);
    },
    isCurrent: (sealed) => ring.kind === "keys" && FORM.exec(sealed)?.groups?.["id"] === ring.keys[0].id,
  };
}

function sealWith({ id, key }: SecretKey, text: string, about: string): Sealed {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(id, about));
  const bytes = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1.${id}.${bytes.toString("base64url")}`;
}

function openWith({ id, key }: SecretKey, bytes: Buffer, about: string): Opened {
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return no(DAMAGED);
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(id, about));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)).toString("utf8") + decipher.final("utf8");
    return { ok: true, text };
  } catch {
    return no(DAMAGED);
  }
}

function boundTo(id: string, about: string): Buffer {
  return Buffer.from(`v1.${id}.${about}`);
}

const DAMAGED = "What is in the database was changed, or belongs elsewhere, and cannot be opened: set it again.";

function unknownKey(id: string): string {
  return `It was encrypted with another ENCRYPTION_KEY (${id}): add that key behind the present one, with a comma between them, and restart the server; or set it again.`;
}

function no(problem: string): Opened {
  return { ok: false, problem };
}
