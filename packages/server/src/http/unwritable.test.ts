/** While somebody else holds the file, as a backup does: nothing is taken that is not kept, and all goes on afterwards. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { startTestApp } from "../../testing/test-app.ts";

const UNAVAILABLE = { status: 503, code: "storage-unavailable", detail: expect.stringMatching(/Try again later/) };

it("a notification is answered with 503 and not sent while the database cannot be written, and taken when it can", async () => {
  await using server = await startTestApp();
  const post = () =>
    server.call("POST", "/api/notifications", { title: "Import failed" }, { "idempotency-key": "import-1" });
  const holder = new DatabaseSync(join(server.folder, "test.db"));
  holder.exec("begin immediate");
  expect((await post()).json).toMatchObject(UNAVAILABLE);
  holder.exec("rollback");
  holder.close();

  expect((await post()).status).toBe(202);
  expect(await server.untilTold(1)).toHaveLength(1);
  expect((await server.call<{ items: unknown[] }>("GET", "/api/notifications")).json.items).toHaveLength(1);
  // What could not be written meanwhile is written soon, not at once.
  await expect.poll(async () => (await server.call("GET", "/health")).status, { timeout: 5_000 }).toBe(200);
}, 20_000);
