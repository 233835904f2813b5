import { describe, expect, it } from "vitest";
import { aDelivery } from "../../../testing/deliveries.ts";
import { aNotification } from "../../../testing/notifications.ts";
import type { Recovery } from "../../notification/recovery.ts";
import { decideTelling } from "./telling.ts";
import { createTold } from "./told.ts";

const part = { id: "m1", channelId: "c1", threadId: null, place: 0 };
const content = { ...part, at: 0, degrade: [], notifications: [aNotification({ title: "down", phase: "firing" })] };

interface Scene {
  readonly recovery?: Recovery;
  /** What the route of the beginning said. */
  readonly byRoute?: Recovery | null;
  readonly can?: readonly ("edit" | "answer")[];
  readonly part?: typeof part | (Omit<typeof part, "threadId"> & { threadId: string }) | null;
  readonly isContentKnown?: boolean;
  readonly label?: string;
}

function laneWith({
  recovery,
  byRoute = null,
  can = ["edit", "answer"],
  part: first = part,
  isContentKnown = true,
  label,
}: Scene = {}) {
  const told = createTold("a", { keep() {}, drop() {}, isRecalled: true });
  told.tell("db", first, { label: "webhook 1", recovery: byRoute, since: 0 });
  if (isContentKnown && first !== null) told.hold({ ...content, ...first });
  return { name: "a", told, recovery: recovery ?? null, channel: { label: label ?? "webhook 1", inPlace: can } };
}

const matter = (phase: "firing" | "resolved", more = {}) =>
  aDelivery("1", { notification: aNotification({ key: "db", phase }), ...more });

describe("decideTelling, of the end of a matter", () => {
  it.each([
    ["new by default", {}, "new as-configured"],
    ["as the destination wants", { recovery: "edit" }, "edit m1"],
    ["as the destination wants", { recovery: "both" }, "edit m1"],
    ["as the destination wants", { recovery: "answer" }, "answer m1"],
    ["in its thread, whatever is wanted", { part: { ...part, threadId: "t" } }, "answer m1"],
    ["anew where the webhook was replaced", { recovery: "both", label: "webhook 2" }, "new destination-replaced"],
    ["anew where no message is known", { recovery: "both", part: null }, "new message-unknown"],
    [
      "anew where the message's content is forgotten",
      { recovery: "edit", isContentKnown: false },
      "new message-unknown",
    ],
    ["in an answer where the content is forgotten", { recovery: "both", isContentKnown: false }, "answer m1"],
    ["anew where the channel can do nothing", { recovery: "edit", can: [] }, "new not-supported"],
    ["in an answer where the channel cannot edit", { recovery: "both", can: ["answer"] }, "answer m1"],
    ["anew where the channel cannot answer", { recovery: "answer", can: ["edit"] }, "new not-supported"],
  ] as const)("%s: %o", (_name, scene, expected) => {
    expect(inWords(decideTelling(matter("resolved"), laneWith(scene)))).toBe(expected);
  });

  it("goes on with the answer once everything is changed", () => {
    const lane = laneWith({ recovery: "both" });
    expect(decideTelling(matter("resolved"), lane)).toMatchObject({ how: "edit", isLast: false });
    lane.told.hold({ ...content, notifications: [aNotification({ title: "Resolved: down", phase: "resolved" })] });
    expect(decideTelling(matter("resolved"), lane)).toMatchObject({ how: "answer" });
  });

  it("is done with the last change where no answer is wanted", () => {
    expect(decideTelling(matter("resolved"), laneWith({ recovery: "edit" }))).toMatchObject({ isLast: true });
  });

  it("obeys the route before the destination, that of the end before that of the beginning", () => {
    expect(decideTelling(matter("resolved"), laneWith({ recovery: "edit", byRoute: "answer" }))).toMatchObject({
      how: "answer",
    });
    const routing = {
      to: ["a"],
      deferred: [],
      because: "routes",
      withheld: null,
      evaluations: [],
      recovery: { a: "new" },
    } as const;
    const notification = aNotification({ key: "db", phase: "resolved", routing });
    const telling = decideTelling(aDelivery("1", { notification }), laneWith({ recovery: "edit", byRoute: "answer" }));
    expect(telling).toEqual({ how: "new", because: "as-configured" });
  });

  it("is told anew once it was refused in place", () => {
    const telling = decideTelling(matter("resolved", { degrade: ["anew"] }), laneWith({ recovery: "both" }));
    expect(telling).toEqual({ how: "new", because: "refused-in-place" });
  });
});

describe("decideTelling, of a follow-up", () => {
  it.each([
    ["new", "new as-configured"],
    ["edit", "new as-configured"],
    ["answer", "answer m1"],
    ["both", "answer m1"],
  ] as const)("with %s: %s", (recovery, expected) => {
    expect(inWords(decideTelling(matter("firing"), laneWith({ recovery })))).toBe(expected);
  });
});

it("decideTelling finds nothing before what has no key, no phase, or was never told", () => {
  const lane = laneWith({ recovery: "both" });
  for (const about of [{}, { key: "db" }, { phase: "resolved" }, { key: "other", phase: "resolved" }] as const) {
    const delivery = aDelivery("1", { notification: aNotification(about) });
    expect(decideTelling(delivery, lane)).toEqual({ how: "new", because: "first" });
  }
});

function inWords(telling: ReturnType<typeof decideTelling>): string {
  switch (telling.how) {
    case "new":
      return `new ${telling.because}`;
    case "edit":
      return `edit ${telling.message.id}`;
    case "answer":
      return `answer ${telling.to.id}`;
  }
}
