import { describe, expect, it } from "vitest";
import { post, request, send, setUp } from "../../testing/harness.ts";

async function setUpMessage(payload: object = { content: "firing", allowed_mentions: { parse: [] } }) {
  const bench = await setUp({ limits: { webhook: null, channel: null } });
  const { body } = await post(`${bench.url}?wait=true`, payload);
  const { id } = body as { id: string };
  return { ...bench, id, at: `${bench.url}/messages/${id}` };
}

describe("a message by the token of its webhook", () => {
  it("is shown, edited and deleted", async () => {
    await using bench = await setUpMessage();
    expect((await request(bench.at)).body).toMatchObject({ id: bench.id, content: "firing" });

    bench.clock.advance(60_000);
    const edited = await send("PATCH", bench.at, { content: "resolved", embeds: [{ title: "done" }] });
    expect(edited.status).toBe(200);
    expect(edited.body).toMatchObject({
      id: bench.id,
      content: "resolved",
      embeds: [{ title: "done" }],
      edited_timestamp: "2026-01-01T00:01:00.000000+00:00",
    });

    const deleted = await request(bench.at, { method: "DELETE" });
    expect([deleted.status, deleted.body]).toEqual([204, ""]);
    expect(bench.emulator.messages()).toEqual([]);
    expect((await request(bench.at)).body).toEqual({ message: "Unknown Message", code: 10008 });
  });

  it("is unknown to another webhook of the same channel, and its methods are these three", async () => {
    await using bench = await setUpMessage();
    const other = bench.emulator.createWebhook({ channel: bench.channel });
    expect((await request(`${other.url}/messages/${bench.id}`)).status).toBe(404);
    expect((await request(bench.at, { method: "POST" })).status).toBe(405);
  });

  it("keeps what an edit does not name and loses what it names as null", async () => {
    await using bench = await setUpMessage({ content: "text", embeds: [{ title: "embed" }] });
    expect((await send("PATCH", bench.at, { content: null })).body).toMatchObject({
      content: "",
      embeds: [{ title: "embed" }],
    });
    expect((await send("PATCH", bench.at, { embeds: null })).body).toEqual({
      message: "Cannot send an empty message",
      code: 50006,
    });
    expect(bench.emulator.messages()[0]?.embeds).toHaveLength(1);
  });

  it("gets its mentions worked out by the defaults again when an edit leaves allowed_mentions out, and rings nobody", async () => {
    await using bench = await setUpMessage({ content: "<@11>", allowed_mentions: { parse: [] } });
    const edited = await send("PATCH", bench.at, { content: "<@11> @everyone" });
    expect(edited.body).toMatchObject({ mentions: [{ id: "11" }], mention_everyone: false });
    expect(bench.emulator.messages()[0]?.pings).toMatchObject({ users: [], everyone: false });
    const quiet = await send("PATCH", bench.at, { content: "<@11>", allowed_mentions: { parse: [] } });
    expect(quiet.body).toMatchObject({ mentions: [] });
  });

  it("in a thread is found only by who names the thread", async () => {
    await using bench = await setUp();
    const thread = bench.emulator.createThread({ channel: bench.channel, name: "t" });
    const { body } = await post(`${bench.url}?wait=true&thread_id=${thread.id}`, { content: "x" });
    const at = `${bench.url}/messages/${(body as { id: string }).id}`;
    expect((await request(at)).body).toMatchObject({ code: 10008 });
    expect((await request(`${at}?thread_id=${thread.id}`)).status).toBe(200);
    const elsewhere = bench.emulator.createThread({ channel: bench.emulator.createChannel({ name: "b" }), name: "t" });
    expect((await request(`${at}?thread_id=${elsewhere.id}`)).body).toMatchObject({ code: 10003 });
    bench.emulator.updateThread(thread.id, { archived: true });
    expect((await send("PATCH", `${at}?thread_id=${thread.id}`, { content: "y" })).body).toMatchObject({ code: 50083 });
  });

  it("older than an hour may be edited only so often", async () => {
    await using bench = await setUpMessage();
    bench.emulator.setLimits({ oldEdits: { limit: 1, intervalMs: 600_000 } });
    bench.clock.advance(3_600_000);
    for (const content of ["a", "b"]) expect((await send("PATCH", bench.at, { content })).status).toBe(200);
    bench.clock.advance(1);
    expect((await send("PATCH", bench.at, { content: "c" })).status).toBe(200);
    bench.clock.advance(99_500);
    const limited = await send("PATCH", bench.at, { content: "d" });
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "501"]);
    expect(limited.body).toMatchObject({ code: 30046, retry_after: 500.5 });
  });

  it("with IS_COMPONENTS_V2 cannot get text again", async () => {
    await using bench = await setUp();
    const components = [{ type: 10, content: "x" }];
    const { body } = await post(`${bench.url}?wait=1&with_components=1`, { flags: 32768, components });
    const at = `${bench.url}/messages/${(body as { id: string }).id}`;
    expect((await send("PATCH", at, { content: "y" })).body).toMatchObject({
      errors: { content: { _errors: [{ code: "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2" }] } },
    });
    expect((await send("PATCH", at, { components: [{ type: 10, content: "z" }] })).body).toMatchObject({
      components: [{ content: "z" }],
    });
  });

  it("may have its embeds suppressed and shown again by flags, but stays silent if it was", async () => {
    await using bench = await setUpMessage({ content: "x", embeds: [{ title: "y" }], flags: 4096 });
    await send("PATCH", bench.at, { flags: 4 });
    expect(bench.emulator.messages()[0]).toMatchObject({ flags: 4096 + 4, shownEmbeds: [] });
    await send("PATCH", bench.at, { flags: 0 });
    expect(bench.emulator.messages()[0]).toMatchObject({ flags: 4096, shownEmbeds: [{ title: "y" }] });
  });

  it("whose edit names no allowed_mentions is a violation in strict mode", async () => {
    await using bench = await setUp({ strict: true });
    const { body } = await post(`${bench.url}?wait=1`, { content: "x", allowed_mentions: { parse: [] } });
    const at = `${bench.url}/messages/${(body as { id: string }).id}`;
    expect((await send("PATCH", at, { content: "y" })).status).toBe(400);
    expect((await send("PATCH", at, { flags: 4 })).status).toBe(200);
    expect(bench.emulator.violations()).toHaveLength(1);
  });
});
