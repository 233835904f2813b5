/** `kill -HUP` of the real server, and a load balancer's view of its end. */
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startServer } from "./server-process.ts";

it("SIGHUP puts another file into force; SIGTERM answers a kept connection and lets it go", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-hup-"));
  const file = join(folder, "tocsin.yaml");
  const route = (name: string) => `routes: [{ name: ${name}, to: "file:${join(folder, name)}.ndjson" }]\n`;
  writeFileSync(file, route("first"));
  const server = await startServer({ TOCSIN_CONFIG: file, DATABASE_URL: `sqlite:${join(folder, "t.db")}` });
  const explained = async () =>
    (await server.call<{ evaluations: { route: string }[] }>("POST", "/api/routes/explain", {})).evaluations[0]?.route;
  expect(await explained()).toBe("first");
  writeFileSync(file, "routes: {");
  server.signal("SIGHUP");
  await expect.poll(server.output, { timeout: 5_000 }).toContain("stays as it was");
  expect(await explained()).toBe("first");
  writeFileSync(file, route("second"));
  server.signal("SIGHUP");
  await expect.poll(server.output, { timeout: 5_000 }).toContain("is in force");
  expect(await explained()).toBe("second");

  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (): Promise<string> => {
    const [answer] = (await once(request(`${server.url}/health`, { agent }).end(), "response")) as [IncomingMessage];
    answer.resume();
    await once(answer, "end");
    return `${answer.statusCode} ${answer.headers.connection}`;
  };
  expect(await ask()).toBe("200 keep-alive");
  server.signal("SIGTERM");
  let last = "";
  // One after the other on the kept connection, until that is told to close: none is reset.
  do last = await ask();
  while (last === "200 keep-alive");
  expect(last).toMatch(/^(503|200) close$/);
  expect(await server.exited).toBe(0);
  agent.destroy();
  rmSync(folder, { recursive: true });
});
