import { expect, it } from "vitest";
import type { StoredMessage } from "./message.ts";
import { createMessageLog } from "./message-log.ts";

const message = (id: string, content = "") => ({ id, content }) as StoredMessage;

it("keeps the newest and hands back what had to go", () => {
  const log = createMessageLog(2);
  expect(log.add(message("1"))).toBeUndefined();
  expect(log.add(message("2"))).toBeUndefined();
  expect(log.add(message("3"))?.id).toBe("1");
  expect(log.all().map(({ id }) => id)).toEqual(["2", "3"]);
  expect(log.added()).toBe(3);
});

it("keeps an edited message in its place", () => {
  const log = createMessageLog(5);
  for (const id of ["1", "2", "3"]) log.add(message(id));
  log.replace(message("2", "edited"));
  expect(log.all().map(({ id, content }) => id + content)).toEqual(["1", "2edited", "3"]);
});

it("forgets what is removed, and says what it was", () => {
  const log = createMessageLog(5);
  log.add(message("1"));
  expect(log.remove("1")?.id).toBe("1");
  expect(log.remove("1")).toBeUndefined();
  expect(log.get("1")).toBeUndefined();
});
