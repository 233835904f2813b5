/** Changing and answering messages, against Discord as the emulator plays it. */
import { describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import type { MessageAddress, SendOutcome, SendRequest } from "../../delivery/channel.ts";
import type { Notification } from "../../notification/notification.ts";
import { type Setting, setUp } from "./emulated-discord.fixture.ts";

const NOW = Date.UTC(2026, 0, 1);

function request(notifications: readonly Partial<Notification>[], more: Partial<SendRequest> = {}): SendRequest {
  const [first, ...others] = notifications.map((one) => aNotification(one));
  return { notifications: [first!, ...others], attempt: 1, degrade: [], now: NOW, ...more };
}

function addressOf(outcome: SendOutcome): MessageAddress {
  if (outcome.kind !== "delivered" || outcome.address == null) throw new Error(`expected an address: ${outcome.kind}`);
  return outcome.address;
}

async function tell({ channel }: Setting, ...notifications: readonly Partial<Notification>[]): Promise<MessageAddress> {
  return addressOf(await channel.send(request(notifications)));
}

describe("a message that is changed", () => {
  it("says where it is, and keeps its place, its sender and its pings", async () => {
    await using discord = await setUp();
    const edit = await tell(discord, { title: "Disk full", mentions: ["user:42"] }, { title: "Fan loud" });
    expect(edit).toEqual({ id: edit.id, channelId: discord.webhook.channelId, threadId: null });
    const over = { since: NOW, until: NOW + 720_000 };
    const outcome = await discord.channel.send(
      request(
        [{ title: "Resolved: Disk full", mentions: ["user:42"], over, phase: "resolved" }, { title: "Fan loud" }],
        { edit },
      ),
    );
    expect(outcome).toMatchObject({ kind: "delivered", messageId: edit.id });
    const messages = discord.emulator.messages();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      content: "<@42>",
      editedAt: expect.any(Number),
      embeds: [
        {
          title: "Resolved: Disk full",
          color: 0x2ecc71,
          description: `Was down 12 min, back since <t:${(NOW + 720_000) / 1_000}:t>.`,
        },
        { title: "Fan loud" },
      ],
    });
    expect(discord.emulator.violations()).toEqual([]);
  });

  it("keeps its files", async () => {
    await using discord = await setUp();
    const files = [{ name: "a.png", data: new Uint8Array([1]), contentType: "image/png" }];
    const edit = await tell(discord, { title: "x", files, image: "attachment://a.png" });
    const empty = files.map((file) => ({ ...file, data: new Uint8Array() }));
    await discord.channel.send(request([{ title: "y", files: empty, image: "attachment://a.png" }], { edit }));
    expect(discord.emulator.messages()[0]).toMatchObject({
      attachments: [{ filename: "a.png" }],
      embeds: [{ title: "y", image: { url: expect.stringContaining("a.png") } }],
    });
  });

  it("is found in the thread that the webhook's URL names", async () => {
    await using discord = await setUp();
    const thread = discord.emulator.createThread({ channelId: discord.webhook.channelId, name: "night" });
    const channel = discord.open(`${discord.webhook.url}?thread_id=${thread.id}`);
    const edit = addressOf(await channel.send(request([{ title: "x" }])));
    await channel.send(request([{ title: "y" }], { edit }));
    expect(discord.emulator.messages(thread.id)[0]).toMatchObject({ embeds: [{ title: "y" }] });
  });

  it("is told anew when it has been deleted", async () => {
    await using discord = await setUp();
    const edit = await tell(discord, { title: "x" });
    await fetch(`${discord.webhook.url}/messages/${edit.id}`, { method: "DELETE" });
    const outcome = await discord.channel.send(request([{ title: "y" }], { edit }));
    expect(outcome).toMatchObject({
      kind: "rejected",
      degradeBy: "anew",
      countsAsInvalid: false,
      error: { code: "discord-10008", status: 404 },
    });
  });
});

describe("an answer", () => {
  it("has a link to the first message", async () => {
    await using discord = await setUp();
    const to = await tell(discord, { title: "down" });
    await discord.channel.send(request([{ title: "up" }, { title: "other" }], { answers: [to, null] }));
    const link = `${discord.emulator.url}/channels/${discord.emulator.guildId}/${to.channelId}/${to.id}`;
    expect(discord.emulator.messages()[1]!.embeds).toMatchObject([
      { title: "up", description: `[First message](${link})` },
      { title: "other" },
    ]);
    expect(discord.emulator.requests().map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
    await discord.channel.send(request([{ title: "up" }], { answers: [to] }));
    expect(discord.emulator.requests()).toHaveLength(4);
  });

  it("stands in the thread of the first message", async () => {
    await using discord = await setUp({ kind: "forum" });
    const post = discord.emulator.createThread({ channelId: discord.webhook.channelId, name: "down" });
    const to = { id: post.id, channelId: post.id, threadId: post.id };
    const outcome = await discord.channel.send(request([{ title: "up" }], { answers: [to] }));
    expect(outcome.kind).toBe("delivered");
    expect(discord.emulator.messages(post.id)[0]).toMatchObject({ embeds: [{ title: "up" }] });
  });

  it("is told anew when that thread is closed", async () => {
    await using discord = await setUp();
    const { id } = discord.emulator.createThread({ channelId: discord.webhook.channelId, name: "down" });
    discord.emulator.updateThread(id, { locked: true });
    const outcome = await discord.channel.send(
      request([{ title: "up" }], { answers: [{ id, channelId: id, threadId: id }] }),
    );
    expect(outcome).toMatchObject({ kind: "rejected", degradeBy: "anew", error: { code: "discord-160005" } });
  });
});

describe("a forum", () => {
  async function forum() {
    const discord = await setUp({ kind: "forum", requireTag: true });
    const [tag] = discord.emulator.channels()[0]!.tags;
    return { discord, tag: tag!.id };
  }

  it("gets a post for each alert, with the tags of its severity and type", async () => {
    const { discord, tag } = await forum();
    await using _ = discord;
    const channel = discord.open(`${discord.webhook.url}?tags=critical:${tag}`);
    expect(await channel.send(request([{ title: "x", severity: "critical" }]))).toMatchObject({ degradeBy: "as-post" });
    const first = addressOf(await channel.send(request([{ title: "Disk *full*", severity: "critical" }])));
    expect(first).toEqual({ id: first.id, channelId: first.id, threadId: first.id });
    expect(discord.emulator.threads()).toMatchObject([{ id: first.id, name: "Disk *full*", appliedTags: [tag] }]);
    expect(channel.fits?.([aNotification(), aNotification()])).toBe(false);
  });

  it("takes what follows in the post, and the change of its first message", async () => {
    await using discord = await setUp({ kind: "forum" });
    await discord.channel.send(request([{ title: "x" }]));
    const first = addressOf(await discord.channel.send(request([{ title: "down" }])));
    await discord.channel.send(request([{ title: "Resolved: down" }], { edit: first }));
    await discord.channel.send(request([{ title: "up" }], { answers: [first] }));
    expect(discord.emulator.messages(first.id).map(({ embeds }) => embeds[0]?.title)).toEqual(["Resolved: down", "up"]);
    expect(discord.emulator.threads()).toHaveLength(1);
  });

  it("gets the post without tags that it does not know", async () => {
    await using discord = await setUp({ kind: "forum" });
    const channel = discord.open(`${discord.webhook.url}?tags=12345`);
    const outcome = await channel.send(request([{ title: "x" }], { degrade: ["as-post"] }));
    expect(outcome).toMatchObject({
      degradeBy: "without-tags",
      error: { message: expect.stringContaining("check tags") },
    });
    const again = await channel.send(request([{ title: "x" }], { degrade: ["as-post", "without-tags"] }));
    expect(again.kind).toBe("delivered");
  });

  it("that asks for a tag says how to give one", async () => {
    const { discord } = await forum();
    await using _ = discord;
    const outcome = await discord.channel.send(request([{ title: "x" }], { degrade: ["as-post"] }));
    expect(outcome).toMatchObject({ kind: "misconfigured", error: { message: expect.stringContaining("put tags=") } });
  });
});
