/** Reads the body of a request into memory, up to what Discord takes. */
import type { IncomingMessage } from "node:http";

export type ReadBody =
  | { readonly kind: "body"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "aborted" };

const NOTHING = Buffer.alloc(0);

export function readBody(request: IncomingMessage, maxBytes: number): Promise<ReadBody> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else {
        // Goes on reading, so that the client gets to see the answer, but keeps nothing.
        chunks = [];
        resolve({ kind: "too-large" });
      }
    });
    request.on("end", () => resolve({ kind: "body", bytes: joined(chunks) }));
    request.on("close", () => resolve({ kind: "aborted" }));
  });
}

function joined(chunks: Buffer[]): Buffer {
  if (chunks.length === 0) return NOTHING;
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}
