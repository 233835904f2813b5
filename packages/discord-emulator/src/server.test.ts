import { get } from "node:https";
import { expect, it } from "vitest";
import { request, setUp } from "../testing/harness.ts";
import { CERT, KEY } from "../testing/tls.ts";

it("speaks HTTPS with a key and a certificate", async () => {
  await using bench = await setUp({ tls: { key: KEY, cert: CERT } });
  expect(bench.webhook.url).toMatch(/^https:\/\/127\.0\.0\.1:/);
  const status = await new Promise((resolve, reject) => {
    get(bench.url, { ca: CERT, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
  expect(status).toBe(200);
});

it("can cut a connection under HTTPS too", async () => {
  await using bench = await setUp({ tls: { key: KEY, cert: CERT } });
  bench.emulator.faults.add({ do: { kind: "reset" } });
  const failed = new Promise((_, reject) => get(bench.url, { ca: CERT, agent: false }).on("error", reject));
  await expect(failed).rejects.toThrow(/ECONNRESET|socket hang up/);
});

it("confesses its own mistakes as such", async () => {
  await using bench = await setUp();
  bench.emulator.onEvent(({ kind }) => {
    if (kind === "request") throw new Error("a listener's mistake");
  });
  const seen = await request(bench.url);
  expect(seen.status).toBe(500);
  expect(seen.body).toMatch(/The Discord emulator itself has failed.*\n.*a listener's mistake/);
});
