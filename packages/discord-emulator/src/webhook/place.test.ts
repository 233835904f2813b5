import { describe, expect, it } from "vitest";
import { post, setUp, v10 } from "../../testing/harness.ts";

async function setUpForum(channel: { requireTag?: boolean; tags?: string[] } = {}) {
  const bench = await setUp();
  const forum = bench.emulator.createChannel({ name: "plants", kind: "forum", ...channel });
  const url = v10(bench.emulator.createWebhook({ channel: forum }));
  return { ...bench, forum, url };
}

describe("a forum", () => {
  it("opens a thread for thread_name; its first message has the thread's own id", async () => {
    await using bench = await setUpForum();
    const seen = await post(`${bench.url}?wait=true`, { content: "x", thread_name: "Monstera" });
    const [thread] = bench.emulator.threads();
    expect(thread).toMatchObject({ name: "Monstera", parentId: bench.forum.id });
    expect(seen.body).toMatchObject({ id: thread?.id, channel_id: thread?.id });
    expect(bench.emulator.messages(thread?.id)).toHaveLength(1);
    expect(bench.emulator.messages(bench.forum.id)).toHaveLength(0);
  });

  it.each([
    { name: "neither thread_name nor thread_id", query: "", threadName: undefined, code: 220001 },
    { name: "both", query: "?thread_id=THREAD", threadName: "Monstera", code: 220002 },
  ])("refuses $name", async ({ query, threadName, code }) => {
    await using bench = await setUpForum();
    const thread = bench.emulator.createThread({ channel: bench.forum, name: "Ficus" });
    const payload = { content: "x", ...(threadName === undefined ? {} : { thread_name: threadName }) };
    const seen = await post(bench.url + query.replace("THREAD", thread.id), payload);
    expect([seen.status, seen.body]).toEqual([400, { message: expect.any(String), code }]);
  });

  it("takes a message for one of its threads", async () => {
    await using bench = await setUpForum();
    const thread = bench.emulator.createThread({ channel: bench.forum, name: "Ficus" });
    expect((await post(`${bench.url}?thread_id=${thread.id}`, { content: "x" })).status).toBe(204);
    expect(bench.emulator.messages(thread)).toHaveLength(1);
  });

  it("may insist on a tag, and knows its own", async () => {
    await using bench = await setUpForum({ requireTag: true, tags: ["alert"] });
    const tag = bench.forum.tags[0]?.id;
    const payload = { content: "x", thread_name: "Monstera" };
    expect((await post(bench.url, payload)).body).toMatchObject({ code: 40067 });
    expect((await post(bench.url, { ...payload, applied_tags: ["123456789012345678"] })).body).toMatchObject({
      code: 10087,
    });
    expect((await post(bench.url, { ...payload, applied_tags: [tag] })).status).toBe(204);
    expect(bench.emulator.threads()[0]?.appliedTags).toEqual([tag]);
  });

  it("opens no thread for a message that is refused", async () => {
    await using bench = await setUpForum();
    expect((await post(bench.url, { thread_name: "Monstera" })).body).toMatchObject({ code: 50006 });
    expect(bench.emulator.threads()).toEqual([]);
  });
});

describe("a text channel", () => {
  it("opens no threads", async () => {
    await using bench = await setUp();
    expect((await post(bench.url, { content: "x", thread_name: "y" })).body).toMatchObject({ code: 220003 });
  });

  it("knows its own threads only", async () => {
    await using bench = await setUp();
    const elsewhere = bench.emulator.createThread({ channel: bench.emulator.createChannel({ name: "b" }), name: "t" });
    for (const id of [elsewhere.id, "123456789012345678"]) {
      const seen = await post(`${bench.url}?thread_id=${id}`, { content: "x" });
      expect([seen.status, seen.body]).toMatchObject([404, { code: 10003 }]);
    }
    const seen = await post(`${bench.url}?thread_id=x`, { content: "x" });
    expect(seen.body).toMatchObject({
      code: 50035,
      errors: { thread_id: { _errors: [{ code: "NUMBER_TYPE_COERCE" }] } },
    });
  });

  it("brings an archived thread back, but not into a locked one", async () => {
    await using bench = await setUp();
    const thread = bench.emulator.createThread({ channel: bench.channel, name: "t" });
    bench.emulator.updateThread(thread.id, { archived: true });
    expect((await post(`${bench.url}?thread_id=${thread.id}`, { content: "x" })).status).toBe(204);
    expect(bench.emulator.threads()[0]?.archived).toBe(false);
    bench.emulator.updateThread(thread.id, { locked: true });
    expect((await post(`${bench.url}?thread_id=${thread.id}`, { content: "x" })).body).toMatchObject({ code: 160005 });
  });
});
