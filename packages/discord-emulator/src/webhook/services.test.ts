import { expect, it } from "vitest";
import { post, request, setUp } from "../../testing/harness.ts";

it("answers Slack's form with ok and shows text and attachments", async () => {
  await using bench = await setUp({ strict: true });
  const payload = { text: "disk full", username: "Nagios", attachments: [{ title: "web-1", text: "97 %" }] };
  const seen = await post(`${bench.url}/slack`, payload);
  expect([seen.status, seen.body]).toEqual([200, "ok"]);
  expect(bench.emulator.messages()[0]).toMatchObject({
    content: "disk full",
    username: "Nagios",
    embeds: [{ title: "web-1", description: "97 %" }],
  });
});

it("takes Slack's payload out of a form field", async () => {
  await using bench = await setUp();
  const body = new URLSearchParams({ payload: JSON.stringify({ text: "hello" }) });
  expect((await request(`${bench.url}/slack`, { method: "POST", body })).body).toBe("ok");
  expect(bench.emulator.messages()[0]?.content).toBe("hello");
});

it("answers GitHub with 204 and says which event it was", async () => {
  await using bench = await setUp();
  const body = JSON.stringify({ sender: { login: "octocat" }, repository: { full_name: "a/b" } });
  const headers = { "content-type": "application/json", "x-github-event": "push" };
  expect((await request(`${bench.url}/github`, { method: "POST", headers, body })).status).toBe(204);
  expect(bench.emulator.messages()[0]?.embeds[0]?.title).toBe("[a/b] push by octocat");
  expect((await post(`${bench.url}/github`, {})).body).toMatchObject({
    errors: { sender: { _errors: [{ code: "BASE_TYPE_REQUIRED" }] } },
  });
});

it("lets neither into a forum, and shows the webhook to who asks with GET", async () => {
  await using bench = await setUp();
  const forum = bench.emulator.createWebhook({ channel: bench.emulator.createChannel({ name: "f", kind: "forum" }) });
  expect((await post(`${forum.url}/slack`, { text: "x" })).body).toMatchObject({ code: 220004 });
  expect((await request(`${bench.url}/slack`)).body).toMatchObject({ id: bench.webhook.id });
  expect((await request(`${bench.url}/slack`, { method: "DELETE" })).status).toBe(405);
});
