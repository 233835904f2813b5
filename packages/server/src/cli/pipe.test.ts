import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const PROGRAM = fileURLToPath(new URL("../../bin/tocsin.mjs", import.meta.url));

it("does not mind a reader that has seen enough, as `| head` has", async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const server = createServer(async (_request, response) => {
    asked.resolve();
    await answer.promise;
    response.end(JSON.stringify({ items: [{ title: "x".repeat(1_000_000) }], next_cursor: null }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const command = spawn(process.execPath, [PROGRAM, "history", "--json", "--server", url], { stdio: "pipe" });
  const complaints = text(command.stderr);
  const ended = once(command, "exit");
  await asked.promise;
  command.stdout.destroy();
  answer.resolve();
  expect([await ended, await complaints]).toEqual([[0, null], ""]);
  server.close();
});
