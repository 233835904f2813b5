/**
 * Watches a connection's incoming packets and names the first that is larger than allowed, before it is gathered in memory.
 * The broker itself would gather up to 256 MB for anyone, logged in or not.
 */

export interface PacketGuard {
  /** Takes the next bytes as they were received. Returns the size of a packet that is over the limit, else `null`. */
  watch(chunk: Uint8Array, limitBytes: number): number | null;
}

/** The length of a packet takes at most four bytes (MQTT 3.1.1, 2.2.3). */
const MAX_LENGTH_BYTES = 4;

export function createPacketGuard(): PacketGuard {
  // Between packets: the next byte is a packet's first. In its length: that many bytes of it were read. In its body: to skip.
  let inLength = false;
  let lengthBytes = 0;
  let bodyBytes = 0;

  return {
    watch(chunk, limitBytes) {
      let position = 0;
      while (position < chunk.length) {
        if (inLength) {
          const byte = chunk[position++]!;
          bodyBytes += (byte & 0x7f) * 128 ** lengthBytes++;
          // A length that never ends is the parser's to refuse.
          inLength = byte >= 0x80 && lengthBytes < MAX_LENGTH_BYTES;
          if (!inLength && bodyBytes > limitBytes) return bodyBytes;
        } else if (bodyBytes > 0) {
          const skipped = Math.min(bodyBytes, chunk.length - position);
          position += skipped;
          bodyBytes -= skipped;
        } else {
          position++;
          inLength = true;
          lengthBytes = 0;
        }
      }
      return null;
    },
  };
}
