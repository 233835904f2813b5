import { describe, expect, it } from "vitest";
import { idOf, setUpBot } from "../../testing/bot-client.ts";

describe("threads", () => {
  it("on a message have its id, and there is one at most", async () => {
    await using at = await setUpBot();
    const { id } = at.emulator.user("ada").say(at.channel, "hello");
    const made = await at.ask("POST", `${at.messages}/${id}/threads`, { name: "About it" });
    expect(made.body).toMatchObject({ id, type: 11, parent_id: at.channel.id, owner_id: at.bot.id });
    const second = await at.ask("POST", `${at.messages}/${id}/threads`, { name: "About it" });
    expect(second.body).toMatchObject({ code: 160004 });
  });

  it("without a message are there, listed, and take messages until they are locked", async () => {
    await using at = await setUpBot();
    const id = idOf(await at.ask("POST", `/channels/${at.channel.id}/threads`, { name: "Quiet", type: 11 }));
    const active = await at.ask("GET", `/guilds/${at.emulator.guildId}/threads/active`);
    expect(active.body).toMatchObject({ threads: [{ id, name: "Quiet" }] });
    const post = () => at.ask("POST", `/channels/${id}/messages`, { content: "x" });
    await at.ask("PATCH", `/channels/${id}`, { archived: true });
    expect((await post()).status).toBe(200);
    expect(at.emulator.threads()[0]?.archived).toBe(false);
    await at.ask("PATCH", `/channels/${id}`, { locked: true, name: "Shut" });
    expect((await post()).body).toMatchObject({ code: 160005 });
    expect((await at.ask("GET", `/channels/${id}`)).body).toMatchObject({ name: "Shut" });
  });

  it("of a forum begin with a message, which has the thread's id", async () => {
    await using at = await setUpBot();
    const forum = at.emulator.createChannel({ name: "plants", kind: "forum", requireTag: true, tags: ["dry"] });
    const path = `/channels/${forum.id}/threads`;
    const [tag] = forum.tags;
    const message = { content: "first" };
    expect((await at.ask("POST", `/channels/${forum.id}/messages`, message)).body).toMatchObject({ code: 40058 });
    expect((await at.ask("POST", path, { name: "Monstera", message })).body).toMatchObject({ code: 40067 });
    const wrong = { name: "Monstera", message, applied_tags: ["1"] };
    expect((await at.ask("POST", path, wrong)).body).toMatchObject({ code: 10087 });
    const made = await at.ask("POST", path, { ...wrong, applied_tags: [tag?.id] });
    expect(made.body).toMatchObject({ name: "Monstera", message: { id: idOf(made), content: "first" } });
    const bad = { name: "", message: { embeds: [{ title: "x".repeat(257) }] } };
    expect((await at.ask("POST", path, bad)).body).toMatchObject({ code: 50035, errors: { name: { _errors: [{}] } } });
  });
});
