/**
 * One set-up at a time in one checkout: the second command waits for the first.
 *
 * The lock is a listening socket, because the system frees that whenever and however its process ends: no stale lock
 * files, no process ids to guess about. Whoever waits is connected to it, learns who holds it, and wakes as it closes.
 */
import { createHash } from "node:crypto";
import { unlinkSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A holder that only looks whether all is well is gone sooner than this, and not worth a line. */
const SAY_AFTER_MS = 300;
const RETRY_MS = 50;

/**
 * Runs `work` while no other process does so for the same `root`.
 * @template T
 * @param {{ root: string, holder: string, onWait: (holder: string) => void }} options
 *   `holder` is what others are told while they wait; `onWait` hears the other's.
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock({ root, holder, onWait }, work) {
  const address = addressFor(root);
  let release = await tryToHold(address, holder);
  while (release === null) {
    await untilFreed(address, onWait);
    release = await tryToHold(address, holder);
  }
  try {
    return await work();
  } finally {
    release();
  }
}

/** @param {string} root */
function addressFor(root) {
  const name = `tocsin-setup-${createHash("sha256").update(root).digest("hex").slice(0, 16)}`;
  // Linux has sockets without a file, Windows named pipes; elsewhere a file remains after a crash and is cleared below.
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/**
 * @param {string} address
 * @param {string} holder
 * @returns {Promise<(() => void) | null>} What releases it, or null when another process holds it.
 */
function tryToHold(address, holder) {
  return new Promise((resolve, reject) => {
    /** @type {Set<import("node:net").Socket>} */
    const waiting = new Set();
    const server = createServer((socket) => {
      waiting.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => waiting.delete(socket));
      socket.write(holder);
    });
    server.once("error", (error) => {
      if ("code" in error && error.code === "EADDRINUSE") resolve(null);
      else reject(error);
    });
    server.listen(address, () =>
      resolve(() => {
        server.close();
        for (const socket of waiting) socket.destroy();
      }),
    );
  });
}

/**
 * @param {string} address
 * @param {(holder: string) => void} onWait
 * @returns {Promise<void>}
 */
function untilFreed(address, onWait) {
  return new Promise((resolve) => {
    let other = "another command";
    const announce = setTimeout(() => onWait(other), SAY_AFTER_MS);
    const socket = connect(address);
    socket.on("data", (data) => {
      other = data.toString();
    });
    socket.on("error", (error) => {
      const deserted = "code" in error && error.code === "ECONNREFUSED" && !address.startsWith("\0");
      if (deserted) unlinkSync(address);
    });
    socket.on("close", () => {
      clearTimeout(announce);
      setTimeout(resolve, RETRY_MS);
    });
  });
}
