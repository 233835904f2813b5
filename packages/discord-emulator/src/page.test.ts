/** The page in a real browser: Debian's Chromium, or the one that CHROMIUM_PATH names. It fails where there is none. */
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Bench, post, request, send, setUp, v10 } from "../testing/harness.ts";
import { systemClock } from "./time/clock.ts";

const CHROMIUM = process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium";
const QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const SCREENSHOT = join(tmpdir(), "tocsin-discord-emulator.png");

let browser: Browser;
beforeAll(async () => {
  const args = ["--no-sandbox", "--disable-component-update", "--disable-sync", ...QUIET];
  browser = await chromium.launch({ executablePath: CHROMIUM, args });
}, 30_000);
afterAll(() => browser.close());

interface Open extends Bench {
  readonly page: Page;
  /** Requests to other hosts, errors and dialogs: none of them should ever be. */
  readonly troubles: string[];
}

async function open(): Promise<Open> {
  const bench = await setUp({ clock: systemClock, guildName: "Greenhouse" });
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(10_000);
  const troubles: string[] = [];
  page.on("request", (sent) => {
    const isOurs = sent.url().startsWith(bench.emulator.url) || sent.url().startsWith("data:");
    if (!isOurs) troubles.push(`request to ${sent.url()}`);
  });
  page.on("pageerror", (error) => troubles.push(`error ${error.message}`));
  page.on("console", (line) => line.type() === "error" && troubles.push(`console ${line.text()}`));
  page.on("dialog", (dialog) => {
    troubles.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(bench.emulator.url);
  await page.getByText("Welcome to #alerts!").waitFor();
  const close = async () => {
    await page.close();
    await bench.emulator.close();
  };
  return { ...bench, page, troubles, [Symbol.asyncDispose]: close };
}

const quiet = { allowed_mentions: { parse: [] } };

describe("the page", () => {
  it("shows an empty channel with the address of its webhook", async () => {
    await using at = await open();
    expect(await at.page.locator(".sidebar header").innerText()).toBe("Greenhouse");
    expect(await at.page.locator(".hook code").innerText()).toBe(at.webhook.url);
    expect(at.troubles).toEqual([]);
  });

  it("shows messages as they come, with embeds, edits, and who was rung", async () => {
    await using at = await open();
    const embed = {
      title: "Plant Alert: Monstera",
      description: "Soil Moisture is **15.2**, threshold min 20.0",
      color: 15158332,
      fields: [{ name: "Current", value: "15.2", inline: true }],
      footer: { text: "Tocsin" },
      image: { url: "https://pictures.example/plot.png" },
      timestamp: new Date().toISOString(),
    };
    const sent = await post(`${at.url}?wait=true`, { username: "Plants", embeds: [embed], ...quiet });
    const message = at.page.locator("discord-message").first();
    await message.getByText("Plant Alert: Monstera").waitFor();
    expect(await message.getByText("15.2").allInnerTexts()).toEqual(expect.arrayContaining(["15.2"]));
    expect(await message.getByText("Plants").isVisible()).toBe(true);

    await post(at.url, { content: "@here look", allowed_mentions: { parse: ["everyone"] } });
    await at.page.getByText("pinged @here").waitFor();
    expect(await at.page.locator("discord-message[highlight]").count()).toBe(1);
    await post(at.url, { content: "@everyone calm", ...quiet });
    await at.page.getByText("no ping").waitFor();

    const { id } = sent.body as { id: string };
    await send("PATCH", `${at.url}/messages/${id}`, { embeds: [{ ...embed, title: "Resolved: Monstera" }] });
    await message.getByText("Resolved: Monstera").waitFor();
    await message.getByText("(edited)").waitFor();
    await at.page.screenshot({ path: SCREENSHOT });
    await request(`${at.url}/messages/${id}`, { method: "DELETE" });
    await at.page.getByText("Resolved: Monstera").waitFor({ state: "detached" });
    expect(at.troubles).toEqual([]);
  });

  it("shows the messages in a narrow window too, with the channels above and the panel on request", async () => {
    await using at = await open();
    await at.page.setViewportSize({ width: 420, height: 900 });
    await at.page.reload();
    await post(at.url, { content: "readable", ...quiet });
    await at.page.locator("discord-message").getByText("readable").waitFor();
    const widthOf = async (selector: string) => (await at.page.locator(selector).boundingBox())?.width;
    expect(await widthOf(".main")).toBe(420);
    expect(await at.page.locator(".panel").count()).toBe(0);
    await at.page.getByTitle("Show or hide the emulator's panel").click();
    expect(await widthOf(".panel")).toBe(420);
    expect(await at.page.evaluate("document.documentElement.scrollWidth")).toBe(420);
    await at.page.setViewportSize({ width: 1000, height: 900 });
    expect(await widthOf(".sidebar")).toBe(208);
    expect(at.troubles).toEqual([]);
  });

  it("counts what is unread elsewhere, and shows it when one goes there", async () => {
    await using at = await open();
    const other = v10(at.emulator.createWebhook({ channel: at.emulator.createChannel({ name: "general" }) }));
    await post(other, { content: "one" });
    await at.page.locator(".place", { hasText: "general" }).locator(".count", { hasText: "1" }).waitFor();
    await post(other, { content: "<@11>" });
    await at.page.locator(".place", { hasText: "general" }).locator(".badge", { hasText: "1" }).waitFor();
    await at.page.locator(".place", { hasText: "general" }).click();
    await at.page.locator("discord-message").getByText("one").waitFor();
    expect(await at.page.locator(".badge").count()).toBe(0);
  });

  it("shows forums with their threads, and files", async () => {
    await using at = await open();
    const forum = v10(
      at.emulator.createWebhook({ channel: at.emulator.createChannel({ name: "plants", kind: "forum" }) }),
    );
    const body = new FormData();
    body.set("payload_json", JSON.stringify({ content: "see file", thread_name: "Monstera" }));
    body.set("files[0]", new Blob(["a,b"], { type: "text/csv" }), "report.csv");
    await request(forum, { method: "POST", body });
    await at.page.locator(".place", { hasText: "plants" }).first().click();
    await at.page.locator(".posts button", { hasText: "see file" }).click();
    await at.page.locator("discord-file-attachment").getByText("report.csv").waitFor();
    expect(at.troubles).toEqual([]);
  });

  it("lets hostile text do nothing but be read", async () => {
    await using at = await open();
    const hostile = `<script>alert(1)</script><img src=x onerror="alert(2)">`;
    const link = "[click](javascript:alert(3))";
    await post(at.url, {
      username: `<img src=x onerror=alert(4)>`,
      avatar_url: "https://evil.example/avatar.png",
      content: `${hostile} ${link} <:smile:123456789012345678>`,
      embeds: [
        {
          title: `${hostile} <:smile:123456789012345678>`,
          description: hostile,
          url: "https://evil.example/",
          author: { name: hostile, icon_url: "https://evil.example/icon.png" },
          fields: [{ name: hostile, value: hostile }],
          footer: { text: hostile, icon_url: "https://evil.example/icon.png" },
          thumbnail: { url: `https://evil.example/"><script>alert(5)</script>` },
        },
      ],
      ...quiet,
    });
    const message = at.page.locator("discord-message").first();
    await message.getByText("<script>alert(1)</script>").first().waitFor();
    expect(await message.locator("a[href^='javascript']").count()).toBe(0);
    expect(await message.locator("script").count()).toBe(0);
    expect(at.troubles).toEqual([]);
  });

  it("makes the emulator fail, and shows that it did", async () => {
    await using at = await open();
    const { page } = at;
    await page.getByRole("button", { name: "500 × 3" }).click();
    await page.getByText("A fault is waiting.").waitFor();
    expect((await post(at.url, { content: "x" })).status).toBe(500);
    await page.locator("[data-counter=failed] b", { hasText: "1" }).waitFor();
    await page.getByRole("button", { name: "Ban 60 s (1015)" }).click();
    await page.getByText("A ban is on.").waitFor();
    expect((await post(at.url, { content: "x" })).body).toBe("error code: 1015");
    await page.getByRole("button", { name: "Lift all" }).click();
    await page.getByText("A ban is on.").waitFor({ state: "detached" });
    expect((await post(at.url, { content: "x" })).status).toBe(204);
    await page.getByRole("button", { name: "Delete Bell" }).click();
    await page.getByText("No webhook leads here.").waitFor();
    expect((await post(at.url, { content: "x" })).status).toBe(404);
    expect(at.troubles).toEqual([]);
  });

  it("says so when the emulator is gone", async () => {
    const at = await open();
    await at.emulator.close();
    await at.page.getByText("The emulator does not answer").waitFor();
    await at.page.close();
  });
}, 30_000);
