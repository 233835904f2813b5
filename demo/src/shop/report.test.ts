import type { DeliveryResult, LaneStatus } from "@tocsin/core";
import { describe, expect, it } from "vitest";
import { describeBatching, describeWait } from "./report.ts";

const result = (messageId: string | null): DeliveryResult => ({
  success: messageId !== null,
  status: messageId === null ? "failed" : "delivered",
  id: "ntf_1",
  attempts: 1,
  destinations: [],
  ...(messageId !== null && { messageId }),
});
const lane = (parts: Partial<LaneStatus>): LaneStatus => ({
  destination: "security",
  kind: "discord-webhook",
  label: "1/…",
  mode: "waiting",
  waiting: 3,
  wait: null,
  pause: null,
  breaker: "closed",
  error: null,
  disabledSince: null,
  ownAllowance: null,
  bucket: null,
  pool: null,
  egress: null,
  ...parts,
});

describe("describeBatching", () => {
  it("counts messages, not notifications", () => {
    const results = [result("1"), result("2"), result("2"), result("2")];
    expect(describeBatching(results, 22.4)).toBe("4 notifications have become 2 messages within 22 ms");
  });

  it("does not hide what did not arrive", () => {
    expect(describeBatching([result("1"), result(null)], 22)).toBe(
      "2 notifications have become 1 message within 22 ms; 1 did not arrive",
    );
  });
});

describe("describeWait", () => {
  it("says for whose sake something waits, and how long", () => {
    const waits = lane({ wait: { until: 2_600, because: "paced-bucket" } });
    expect(describeWait(waits, 1_000)).toBe(
      "Discord takes 5 messages in 2 s: 3 more wait 1.6 s rather than provoke a refusal",
    );
  });

  it.each([lane({}), lane({ waiting: 0, wait: { until: 2_600, because: "paced-bucket" } })])(
    "says so when nothing waits",
    (idle) => expect(describeWait(idle, 1_000)).toBe("nothing has to wait"),
  );
});
