/**
 * What a channel that speaks HTTP must make of a bare status, without a body or headers that say more. The question is
 * whether the message may have been carried out, and whether another one could fare better.
 */
import type { SendOutcome } from "../src/delivery/channel.ts";

const BY_KIND: Readonly<Record<SendOutcome["kind"], readonly number[]>> = {
  delivered: [200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
  // Moved for good, no access, nothing there.
  misconfigured: [301, 308, 401, 403, 404, 405, 407, 410],
  // Something in front of the service did not let it through.
  unavailable: [300, 302, 303, 304, 305, 307, 408, 421, 425, 502, 503, 511, 521, 523, 525, 526, 530],
  "rate-limited": [429],
  // This message.
  rejected: [400, 402, 406, 409, 411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 426, 428, 431, 451],
  // The service failed while it had the message, or nobody knows.
  ambiguous: [500, 501, 504, 505, 506, 507, 508, 510, 520, 522, 524],
  // A bare status never tells that the whole address is shut out.
  banned: [],
};

/** Every status with the kind that it must become. */
export const HTTP_STATUS_KINDS: readonly (readonly [status: number, kind: SendOutcome["kind"]])[] = Object.entries(
  BY_KIND,
)
  .flatMap(([kind, statuses]) => statuses.map((status) => [status, kind as SendOutcome["kind"]] as const))
  .sort(([a], [b]) => a - b);
