import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { choosePort } from "./ports.ts";

it("takes the usual port where it is free, and any other where it is taken", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  expect(await choosePort(port, { anyFree: false })).toEqual({ port: 0, taken: true });
  other.close();
  await once(other, "close");
  expect(await choosePort(port, { anyFree: false })).toEqual({ port, taken: false });
});

it("leaves the usual port alone where any will do", async () => {
  expect(await choosePort(8_000, { anyFree: true })).toEqual({ port: 0, taken: false });
});
