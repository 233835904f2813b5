/**
 * A server that takes every webhook message and knows no limit: so cheap that it is never what a measurement measures. Runs as a
 * process of its own; all contestants talk to the same kind.
 *
 * Answers have the form and size of Discord's own to `wait=true`, with the id counted up.
 */

import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import { answerCalls } from "../child/answer-calls.ts";

const FIRST_ID = 1_400_000_000_000_000_000n;
const ANSWER = JSON.stringify({
  type: 0,
  content: "",
  mentions: [],
  mention_roles: [],
  attachments: [],
  embeds: [{ type: "rich", title: "Import failed", description: "x".repeat(100), color: 9807270, fields: [] }],
  timestamp: "2026-01-01T00:00:00.000000+00:00",
  edited_timestamp: null,
  flags: 0,
  components: [],
  id: String(FIRST_ID),
  channel_id: "1300000000000000000",
  author: { id: "1300000000000000001", username: "Captain Hook", avatar: null, discriminator: "0000", bot: true },
  pinned: false,
  mention_everyone: false,
  tts: false,
  webhook_id: "1300000000000000001",
});
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nVia: 1.1 google\r\nContent-Length: ${ANSWER.length}\r\n\r\n`;
const [BEFORE_ID, AFTER_ID] = (HEAD + ANSWER).split(String(FIRST_ID)) as [string, string];
const END_OF_HEAD = "\r\n\r\n";

export interface FlatReport {
  readonly requests: number;
  readonly bodyBytes: number;
}

let requests = 0;
let bodyBytes = 0;
let onRequest: ((at: number) => void) | null = null;

function serve(socket: Socket): void {
  let pending: Buffer | null = null;
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    let rest: Buffer | null = pending === null ? chunk : Buffer.concat([pending, chunk]);
    while (rest !== null) {
      const length = lengthOfRequest(rest);
      if (length === null || rest.length < length.whole) break;
      requests++;
      onRequest?.(Date.now());
      onRequest = null;
      bodyBytes += length.body;
      socket.write(`${BEFORE_ID}${FIRST_ID + BigInt(requests)}${AFTER_ID}`, "latin1");
      rest = rest.length === length.whole ? null : rest.subarray(length.whole);
    }
    pending = rest;
  });
}

function ignore(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  socket.resume();
}

async function listen(onSocket: (socket: Socket) => void, webhooks: number): Promise<string[]> {
  const server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Array.from({ length: webhooks }, (_, index) => {
    const id = FIRST_ID + BigInt(index);
    return `http://127.0.0.1:${port}/api/v10/webhooks/${id}/${"T".repeat(64)}${String(index).padStart(4, "0")}`;
  });
}

/** `null` while the head is not there in full. */
function lengthOfRequest(bytes: Buffer): { readonly whole: number; readonly body: number } | null {
  const headEnd = bytes.indexOf(END_OF_HEAD);
  if (headEnd === -1) return null;
  const body = Number(/\r\ncontent-length: *(\d+)/i.exec(bytes.toString("latin1", 0, headEnd))?.[1] ?? 0);
  return { whole: headEnd + END_OF_HEAD.length + body, body };
}

export const flatServerCalls = {
  /** @returns addresses of so many webhooks */
  start: ({ webhooks }: { readonly webhooks: number }): Promise<string[]> => listen(serve, webhooks),
  /** @returns addresses of so many webhooks that take a request and never answer it */
  startSilent: ({ webhooks }: { readonly webhooks: number }): Promise<string[]> => listen(ignore, webhooks),
  /** @returns when the next request arrives (epoch milliseconds) */
  nextRequest: (_: null): Promise<number> =>
    new Promise((resolve) => {
      onRequest = resolve;
    }),
  /** What has come since the last report. */
  report(_: null): FlatReport {
    const report = { requests, bodyBytes };
    requests = 0;
    bodyBytes = 0;
    return report;
  },
};

answerCalls(flatServerCalls);
