/** A bare client of the gateway: says what a test wants said, and keeps what it hears. */
import { WebSocket } from "ws";
import type { Payload } from "../src/gateway/words.ts";

export interface GatewayClient {
  readonly say: (op: number, d: unknown) => void;
  readonly sayRaw: (text: string) => void;
  /** Resolves with the first payload, heard already or still to come, for which this holds. */
  readonly hear: (wanted: (payload: Payload) => boolean) => Promise<Payload>;
  readonly dispatch: (t: string) => Promise<Payload>;
  readonly heard: () => readonly Payload[];
  readonly closed: Promise<number>;
  readonly close: (code?: number) => void;
}

export interface Dial {
  /** The emulator's address. */
  readonly url: string;
  readonly query?: string;
  readonly decode?: (data: Buffer) => string | null;
}

/** @param decode - of frames that are compressed; null while a payload is not whole yet. */
export function dial({ url, query = "v=10&encoding=json", decode = String }: Dial): GatewayClient {
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}/?${query}`);
  const heard: Payload[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data) => {
    const text = decode(data as Buffer);
    if (text === null) return;
    heard.push(JSON.parse(text) as Payload);
    for (const look of waiting) look();
  });
  const closed = new Promise<number>((resolve) => socket.on("close", (code) => resolve(code)));
  const hear = (wanted: (payload: Payload) => boolean) =>
    new Promise<Payload>((resolve) => {
      const look = () => {
        const found = heard.find(wanted);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  const sayRaw = (text: string) => socket.send(text);
  return {
    sayRaw,
    say: (op, d) => sayRaw(JSON.stringify({ op, d })),
    hear,
    dispatch: (t) => hear((payload) => payload.t === t),
    heard: () => heard,
    closed,
    close: (code) => socket.close(code),
  };
}
