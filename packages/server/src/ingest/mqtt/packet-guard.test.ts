import fc from "fast-check";
import { generate } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { createPacketGuard } from "./packet-guard.ts";

const LIMIT = 1_000;

function publish(payloadBytes: number): Buffer {
  return generate({
    cmd: "publish",
    topic: "devices/a/telemetry",
    payload: Buffer.alloc(payloadBytes),
    qos: 0,
    dup: false,
    retain: false,
  });
}

/** Passes bytes to a guard in pieces of the given sizes, over and over. */
function watchInPieces(bytes: Buffer, sizes: readonly number[]): number | null {
  const guard = createPacketGuard();
  let position = 0;
  for (let i = 0; position < bytes.length; i++) {
    const piece = bytes.subarray(position, position + sizes[i % sizes.length]!);
    const found = guard.watch(piece, LIMIT);
    if (found !== null) return found;
    position += piece.length;
  }
  return null;
}

describe("a packet guard", () => {
  it("lets packets pass up to the limit, topic and all, and names the size of one that is larger", () => {
    const rest = 2 + "devices/a/telemetry".length;
    expect(createPacketGuard().watch(publish(LIMIT - rest), LIMIT)).toBeNull();
    expect(createPacketGuard().watch(publish(LIMIT - rest + 1), LIMIT)).toBe(LIMIT + 1);
  });

  it("knows the size from the first bytes, long before the rest has come", () => {
    const head = publish(200_000_000).subarray(0, 5);
    expect(createPacketGuard().watch(head, LIMIT)).toBe(200_000_000 + 2 + "devices/a/telemetry".length);
  });

  it("passes packets without a body", () => {
    const pings = Buffer.concat([generate({ cmd: "pingreq" }), generate({ cmd: "disconnect" }), publish(10)]);
    expect(createPacketGuard().watch(pings, LIMIT)).toBeNull();
  });

  it("finds the large one among small ones, however the bytes are cut", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(fc.nat(900), { maxLength: 8 }), sizes, (payloads, cuts) => {
        const small = Buffer.concat(payloads.map(publish));
        expect(watchInPieces(small, cuts)).toBeNull();
        expect(watchInPieces(Buffer.concat([small, publish(5_000)]), cuts)).toBe(5_021);
      }),
    );
  });
});
