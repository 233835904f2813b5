/**
 * The numbers of the gateway.
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
 */

export const OP = Object.freeze({
  DISPATCH: 0,
  HEARTBEAT: 1,
  IDENTIFY: 2,
  PRESENCE: 3,
  VOICE: 4,
  RESUME: 6,
  RECONNECT: 7,
  REQUEST_MEMBERS: 8,
  INVALID_SESSION: 9,
  HELLO: 10,
  HEARTBEAT_ACK: 11,
  REQUEST_SOUNDS: 31,
});

export interface CloseReason {
  readonly code: number;
  readonly reason: string;
}

export const CLOSE = Object.freeze({
  UNKNOWN_OPCODE: { code: 4001, reason: "Unknown opcode." },
  DECODE: { code: 4002, reason: "Error while decoding payload." },
  NOT_AUTHENTICATED: { code: 4003, reason: "Not authenticated." },
  AUTHENTICATION_FAILED: { code: 4004, reason: "Authentication failed." },
  ALREADY_AUTHENTICATED: { code: 4005, reason: "Already authenticated." },
  INVALID_SEQUENCE: { code: 4007, reason: "Invalid seq." },
  RATE_LIMITED: { code: 4008, reason: "You are being rate limited." },
  TIMED_OUT: { code: 4009, reason: "Session timed out." },
  INVALID_SHARD: { code: 4010, reason: "Invalid shard." },
  INVALID_VERSION: { code: 4012, reason: "Invalid API version." },
  INVALID_INTENTS: { code: 4013, reason: "Invalid intent(s)." },
  DISALLOWED_INTENTS: { code: 4014, reason: "Disallowed intent(s)." },
} as const satisfies Record<string, CloseReason>);

/** What goes over the wire, to the client. */
export interface Payload {
  readonly op: number;
  readonly d: unknown;
  readonly s: number | null;
  readonly t: string | null;
}

export function payload(op: number, d: unknown = null): Payload {
  return { op, d, s: null, t: null };
}
