import { expect, it } from "vitest";
import { aDelivery } from "../../../testing/deliveries.ts";
import { aNotification } from "../../../testing/notifications.ts";
import type { Notification, NotificationId } from "../../notification/notification.ts";
import { bodyOf, notificationOf, notificationTold, progressIn, progressOf, recordOf, toldOf } from "./rows.ts";

const plain = aNotification({ id: "ntf_1" as NotificationId, createdAt: 5, title: "Disk full" });
const file = { name: "a", data: new Uint8Array([0, 255]), contentType: null };

it("leaves out what is usual", () => {
  expect(JSON.parse(bodyOf(plain))).toEqual({
    id: "ntf_1",
    createdAt: 5,
    type: "general",
    severity: "info",
    title: "Disk full",
  });
  expect(progressOf(aDelivery("1", { enqueuedAt: 7 }))).toBe('{"enqueuedAt":7}');
});

it.each<Partial<Notification>>([
  {},
  { footer: null },
  { footer: { text: "", iconUrl: null } },
  { fields: [{ name: "", value: "", inline: false }], mentions: ["@here"], labels: {} },
  { count: 0, priority: -1, color: 0, timestamp: 0, firstAt: 0, expiresAt: 0 },
  { atMostOnce: true, format: "markdown", phase: "resolved", key: "", title: "", blocks: [] },
])("gives back %j", (properties) => {
  const notification = { ...plain, ...properties };
  expect(notificationOf(bodyOf(notification), () => [])).toEqual(notification);
  expect(notificationTold(toldOf(notification))).toEqual(notification);
});

it("reads files only where there are some", () => {
  const withFile = { ...plain, files: [file] };
  expect(notificationOf(bodyOf(withFile), () => [file])).toEqual(withFile);
  expect(notificationTold(toldOf(withFile))).toEqual(withFile);
  const never = (): never => {
    throw new Error("there are none");
  };
  expect(notificationOf(bodyOf(plain), never)).toEqual(plain);
});

it("keeps whatever the engine adds to a delivery", () => {
  const record = { ...aDelivery("1", { attempts: 2, elsewhere: ["b"], notification: plain }), later: { a: [1] } };
  expect(recordOf({ id: record.id, lane: record.lane, progress: progressOf(record) }, plain)).toEqual(record);
  expect(progressIn(progressOf(record))).toMatchObject({ attempts: 2, later: { a: [1] } });
});
