/**
 * Keeps a Mosquitto's password file and access list in step with the devices (A8): each is replaced as a whole, so that a reader finds the old
 * one or the new one. It signals nobody: Mosquitto reads them again on SIGHUP.
 *
 * A file that cannot be written is told in the log and tried again with the next change; it is made of what the database has, so nothing is
 * lost by that.
 */
import { randomBytes } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import type { Logger } from "pino";
import { hashPassword, isMosquittoHash, matches } from "../../greenhouse/credentials.ts";
import { accessList, hashOf, type KnownDevice, type Login, passwordFile } from "./mosquitto-files.ts";

export interface MosquittoKeeperOptions {
  /** Paths; `null` where somebody else looks after it. */
  readonly passwordFile: string | null;
  readonly accessFile: string | null;
  /** How Tocsin itself logs in; no password where somebody else looks after that. */
  readonly backend: { readonly username: string; readonly password: string | null };
  readonly devices: () => Iterable<KnownDevice>;
  readonly logger: Logger;
}

export interface MosquittoKeeper {
  /** Brings the files up to date; done when what is known now is in them, or could not be written. Never rejects. */
  sync(): Promise<void>;
}

/** Owner and group: the one that Mosquitto runs as. */
const NEW_FILE_MODE = 0o640;

export function createMosquittoKeeper({ backend, devices, logger, ...paths }: MosquittoKeeperOptions): MosquittoKeeper {
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;

  async function ownLogin(before: string): Promise<Login | null> {
    const { username, password } = backend;
    if (password === null) return null;
    const known = hashOf(before, username);
    // The same password is not hashed anew: a file that does not change needs no reload.
    const isKnown = known !== null && (await matches(known, Buffer.from(password)));
    return { username, hash: isKnown ? known : await hashPassword(password) };
  }

  async function writeBoth(): Promise<void> {
    const { passwordFile: path, accessFile } = paths;
    const ofLogins = await keep(path, async (before) => passwordFile(before, devices(), await ownLogin(before)));
    const ofAccess = await keep(accessFile, async (before) => accessList(before, devices(), backend.username));
    if (ofLogins || ofAccess) logger.info("The files of Mosquitto have changed; it reads them again on SIGHUP");
    const old = [...devices()].filter(({ passwordHash }) => !isMosquittoHash(passwordHash)).map(({ id }) => id);
    if (old.length > 0)
      logger.warn(
        { devices: old },
        "Mosquitto cannot check the passwords of these; POST /api/devices/{id}/credentials makes new ones",
      );
  }

  /** @returns whether it is another one now */
  async function keep(path: string | null, make: (before: string) => Promise<string>): Promise<boolean> {
    if (path === null) return false;
    try {
      const before = await readIfThere(path);
      const text = await make(before ?? "");
      if (text === before) return false;
      await replace(path, text);
      return true;
    } catch (error) {
      logger.error(
        { err: error, path },
        "A file of Mosquitto cannot be written; new devices cannot log in there. It is tried again with the next change",
      );
      return false;
    }
  }

  return {
    sync() {
      // What is asked for while one is being written is in the next, whoever asks.
      next ??= last.then(() => {
        next = null;
        last = writeBoth();
        return last;
      });
      return next;
    },
  };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/** On the disk before it takes the place of the old one, whose mode and owner it gets. */
async function replace(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  const former = await stat(path).catch(() => null);
  try {
    const file = await open(fresh, "wx", NEW_FILE_MODE);
    try {
      await file.writeFile(text);
      if (former !== null) {
        await file.chmod(former.mode & 0o777);
        // Only root may give a file away; whoever may not keeps it, and its group as far as that goes.
        await file
          .chown(former.uid, former.gid)
          .catch(() => file.chown(-1, former.gid))
          .catch(() => {});
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
