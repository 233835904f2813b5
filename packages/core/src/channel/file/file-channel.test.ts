import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { aNotification } from "../../../testing/notifications.ts";
import type { SendRequest } from "../../delivery/channel.ts";
import type { Notification } from "../../notification/notification.ts";
import { createFileChannel } from "./file-channel.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "tocsin-file-"));
});
afterEach(() => rm(folder, { recursive: true }));

function requestOf(...overrides: readonly Partial<Notification>[]): SendRequest {
  const [first, ...rest] = overrides.map((properties) => aNotification(properties));
  return { notifications: [first!, ...rest], attempt: 1, degrade: [], now: 0 };
}

async function linesOf(path: string): Promise<string[]> {
  return (await readFile(path, "utf8")).trimEnd().split("\n");
}

describe("createFileChannel", () => {
  it("appends one line of JSON per notification, and makes the folder", async () => {
    const path = join(folder, "a", "b", "alerts.ndjson");
    const channel = createFileChannel({ path });
    await channel.send(requestOf({ title: "first" }, { title: "two\nlines" }));
    await channel.send(requestOf({ title: "third" }));
    const titles = (await linesOf(path)).map((line) => JSON.parse(line).title);
    expect(titles).toEqual(["first", "two\nlines", "third"]);
  });

  it("tells of attached files only name, type and size", async () => {
    const path = join(folder, "alerts.ndjson");
    const files = [{ name: "log.txt", data: new Uint8Array(1_000), contentType: "text/plain" }];
    await createFileChannel({ path }).send(requestOf({ files }));
    expect(JSON.parse((await linesOf(path))[0]!).files).toEqual([
      { name: "log.txt", contentType: "text/plain", bytes: 1_000 },
    ]);
  });

  it("writes text for reading when asked to", async () => {
    const path = join(folder, "alerts.log");
    await createFileChannel({ path, format: "text" }).send(requestOf({ title: "first", message: "why" }));
    expect(await linesOf(path)).toEqual(["[info] general: first", "  why"]);
  });

  it.each([
    ["rotated", (path: string) => rename(path, `${path}.1`)],
    ["deleted with its folder", () => rm(join(folder, "logs"), { recursive: true })],
  ])("goes on when the file has been %s", async (_, disturb) => {
    const path = join(folder, "logs", "alerts.ndjson");
    const channel = createFileChannel({ path });
    await channel.send(requestOf({ title: "before" }));
    await disturb(path);
    expect(await channel.send(requestOf({ title: "after" }))).toMatchObject({ kind: "delivered" });
    expect((await linesOf(path)).map((line) => JSON.parse(line).title)).toEqual(["after"]);
  });

  it("keeps the lines of sends that overlap apart and in order", async () => {
    const path = join(folder, "alerts.ndjson");
    const channel = createFileChannel({ path });
    const titles = Array.from({ length: 50 }, (_, n) => `${n} ${"x".repeat(20_000)}`);
    await Promise.all(titles.map((title) => channel.send(requestOf({ title }))));
    expect((await linesOf(path)).map((line) => JSON.parse(line).title)).toEqual(titles);
  });

  it("reports a full disk as unavailable, and begins a new line after it", async () => {
    const outcome = await createFileChannel({ path: "/dev/full" }).send(requestOf({}));
    expect(outcome).toMatchObject({ kind: "unavailable", error: { code: "file-enospc", message: /the disk is full/ } });
  });

  it.each([
    ["a folder", async () => folder, "file-eisdir"],
    [
      "below a file",
      async () => {
        await writeFile(join(folder, "file"), "");
        return join(folder, "file", "alerts.ndjson");
      },
      "file-enotdir",
    ],
    ["a name that is too long", async () => join(folder, "x".repeat(300)), "file-enametoolong"],
    ["no path", async () => "\0", "file-err_invalid_arg_value"],
  ])("reports as misconfigured: %s", async (_, makePath, code) => {
    const channel = createFileChannel({ path: await makePath() });
    expect(await channel.send(requestOf({}))).toMatchObject({ kind: "misconfigured", error: { code } });
    expect(await channel.check()).toMatchObject({ ok: false, kind: "misconfigured", error: { code } });
  });

  it("is checked without a line being written", async () => {
    const path = join(folder, "alerts.ndjson");
    const channel = createFileChannel({ path });
    expect(await channel.check()).toMatchObject({ ok: true, detail: `file ${path}` });
    expect(await readFile(path, "utf8")).toBe("");
  });

  it("separates a line that broke off from the next one", async () => {
    const path = join(folder, "alerts.ndjson");
    const channel = createFileChannel({ path });
    await mkdir(path);
    await channel.send(requestOf({ title: "lost" }));
    await rm(path, { recursive: true });
    await writeFile(path, '{"title":"brok');
    await channel.send(requestOf({ title: "whole" }));
    await channel.send(requestOf({ title: "next" }));
    const [broken, ...whole] = await linesOf(path);
    expect(broken).toBe('{"title":"brok');
    expect(whole.map((line) => JSON.parse(line).title)).toEqual(["whole", "next"]);
  });

  it("has written what was accepted when it is closed", async () => {
    const path = join(folder, "alerts.ndjson");
    const channel = createFileChannel({ path });
    const sending = channel.send(requestOf({ title: "last" }));
    await sending;
    await channel.close();
    expect(await channel.send(requestOf({}))).toMatchObject({ kind: "unavailable", error: { code: "closed" } });
    expect(await linesOf(path)).toHaveLength(1);
  });
});
