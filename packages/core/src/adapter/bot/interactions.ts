/**
 * Interactions over HTTP, the other way beside the gateway: Discord posts what people do to a public address, signed.
 *
 * Upstream a web server of the program's. Downstream the answers. Never throws into the server.
 */
import type { KeyObject } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../../clock/clock.ts";
import type { Answerer } from "./answer.ts";
import { readInteraction } from "./incoming.ts";
import { whisper } from "./reply.ts";
import { isFromDiscord, type SignedRequest } from "./signature.ts";

export interface InteractionAnswer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

export interface Interactions {
  /** Answers one request, for a web framework that keeps the raw body. Never rejects. */
  handle(request: SignedRequest): Promise<InteractionAnswer>;
  /** The same as a listener of `node:http`. */
  readonly listener: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface InteractionParts {
  readonly key: KeyObject;
  readonly clock: Clock;
  readonly answerer: Answerer;
  readonly channelId: string;
  readonly secret: () => string | null;
}

/** Discord's are a few kilobytes. */
const LARGEST_BODY_BYTES = 262_144;

export function createInteractions({ key, clock, answerer, channelId, secret }: InteractionParts): Interactions {
  async function handle(request: SignedRequest): Promise<InteractionAnswer> {
    if (!isFromDiscord(request, key, clock.now())) return answer(401, { error: "The signature does not fit." });
    const packet = parse(request.body);
    const interaction = readInteraction(packet, { channelId, secret: secret() });
    if (interaction === null) return answer(200, whisper("I do not know this one."));
    return answer(200, await answerer.answer(interaction));
  }

  return {
    handle,
    listener(request, response) {
      void respond(request, response, handle).catch(() => response.destroy());
    },
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  handle: Interactions["handle"],
): Promise<void> {
  if (request.method !== "POST") return end(response, answer(405, { error: "Only POST is taken here." }));
  const body = await bodyOf(request);
  if (body === null) return end(response, answer(413, { error: "The body is too large." }));
  const { "x-signature-ed25519": signature, "x-signature-timestamp": timestamp } = request.headers;
  end(response, await handle({ signature: single(signature), timestamp: single(timestamp), body }));
}

/** `null` when there is more than anything of Discord's has. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function single(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}

function end(response: ServerResponse, { status, body }: InteractionAnswer): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}

function answer(status: number, body: object): InteractionAnswer {
  return { status, body: JSON.stringify(body) };
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString());
  } catch {
    return null;
  }
}
