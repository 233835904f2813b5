/**
 * What goes over the wire as the client wants it: plain, each payload compressed by itself (`compress` in IDENTIFY), or
 * all as one stream (`compress=zlib-stream` or `zstd-stream` in the address).
 * https://docs.discord.com/developers/events/gateway#encoding-and-compression
 */
import { constants, createDeflate, createZstdCompress, deflateSync } from "node:zlib";

export interface Packer {
  readonly pack: (text: string) => void;
  /** From now on each payload is compressed by itself; a stream stays one. */
  readonly compressEach: () => void;
  readonly close: () => void;
}

/** Null for a kind of compression that there is not. @param send - takes the pieces in order. */
export function createPacker(compress: string | null, send: (data: string | Buffer) => void): Packer | null {
  switch (compress) {
    case null:
      return createPlainPacker(send);
    case "zlib-stream":
      return createStreamPacker(createDeflate(), constants.Z_SYNC_FLUSH, send);
    case "zstd-stream":
      return createStreamPacker(createZstdCompress(), constants.ZSTD_e_flush, send);
    default:
      return null;
  }
}

function createPlainPacker(send: (data: string | Buffer) => void): Packer {
  let isEach = false;
  return {
    pack: (text) => send(isEach ? deflateSync(text) : text),
    compressEach: () => {
      isEach = true;
    },
    close: () => {},
  };
}

type Stream = ReturnType<typeof createDeflate> | ReturnType<typeof createZstdCompress>;

/** Every payload ends with a flush, so that the client can read it at once. */
function createStreamPacker(stream: Stream, flush: number, send: (data: Buffer) => void): Packer {
  let pieces: Buffer[] = [];
  stream.on("data", (piece: Buffer) => pieces.push(piece));
  return {
    pack: (text) => {
      stream.write(text);
      stream.flush(flush, () => {
        const whole = Buffer.concat(pieces);
        pieces = [];
        if (whole.length > 0) send(whole);
      });
    },
    compressEach: () => {},
    close: () => stream.destroy(),
  };
}
