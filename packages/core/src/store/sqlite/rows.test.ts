import { expect, it } from "vitest";
import { aDelivery } from "../../../testing/deliveries.ts";
import { aNotification } from "../../../testing/notifications.ts";
import type { DeliveryRecord } from "../../delivery/outbox.ts";
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
  expect(JSON.stringify(progressOf(aDelivery("1", { enqueuedAt: 7 })))).toBe('{"enqueuedAt":7}');
});

/** Nothing as usual, and no two values alike. */
const UNUSUAL: Omit<Required<Notification>, "id" | "createdAt" | "type" | "severity" | "files"> = {
  title: "1",
  message: "2",
  fields: [{ name: "3", value: "4", inline: true }],
  blocks: [{ kind: "code", text: "5", language: null }],
  labels: { 6: "7" },
  mentions: ["@here"],
  content: "8",
  url: "https://9.example",
  color: 10,
  footer: { text: "11", iconUrl: null },
  author: { name: "12", url: null, iconUrl: null },
  thumbnail: "https://13.example",
  image: "https://14.example",
  timestamp: 15,
  destination: "16",
  key: "17",
  phase: "firing",
  actions: ["acknowledge"],
  over: { since: 24, until: 25 },
  count: 18,
  firstAt: 19,
  idempotencyKey: "20",
  priority: 21,
  expiresAt: 22,
  quietHours: ["23"],
  atMostOnce: true,
  format: "markdown",
  routing: null,
};

it.each<Partial<Notification>>([
  {},
  UNUSUAL,
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

it.each<Partial<DeliveryRecord>>([
  {},
  { attempts: 2, failures: 1, notBefore: 9, possibleRepeat: true, alone: true, edited: 3 },
  { degrade: ["text-only"], matters: [["disk", "firing"]], elsewhere: ["b"] },
])("gives back a delivery with %j", (properties) => {
  const record = aDelivery("1", { enqueuedAt: 7, notification: plain, ...properties });
  const progress = JSON.stringify(progressOf(record));
  expect(recordOf({ id: record.id, lane: record.lane, progress }, plain)).toEqual(record);
  expect(progressIn(progress)).toMatchObject(properties);
});
