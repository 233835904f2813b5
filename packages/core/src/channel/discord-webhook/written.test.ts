import { describe, expect, it } from "vitest";
import { parseWebhookUrl } from "./url.ts";
import { shownWebhookUrl, webhookUrlOf } from "./written.ts";

const TOKEN = "x7Qe-Wm_3TfPz0aLs9dKcVbNq2RgHyUjIoX5t8E1wYk4vZn6MpBrGhFiCuDlAsOJ_-9Z";
const ID = "1403872946109284352";
const KEPT = `https://discord.com/api/v10/webhooks/${ID}/${TOKEN}`;
const SHOWN = `https://discord.com/api/v10/webhooks/${ID}/…`;

describe("a webhook's URL", () => {
  it.each([
    [`https://discord.com/api/webhooks/${ID}/${TOKEN}`, KEPT, SHOWN],
    [` "https://ptb.discordapp.com/api/v9/webhooks/${ID}/${TOKEN}/slack?wait=true" `, KEPT, SHOWN],
    [`discord://${ID}/${TOKEN}?thread=12`, `${KEPT}?thread_id=12`, `${SHOWN}?thread_id=12`],
    [`${KEPT}?recovery=EDIT&tags=7,critical:8&colour=red`, `${KEPT}?recovery=edit&tags=7%2Ccritical%3A8`, SHOWN],
    [
      `http://relay:8080/proxy/api/webhooks/${ID}/${TOKEN}`,
      `http://relay:8080/proxy/api/v10/webhooks/${ID}/${TOKEN}`,
      `http://relay:8080/proxy/api/v10/webhooks/${ID}/…`,
    ],
  ])("given as %s is kept as one that means the same, and shown without its token", (given, kept, shown) => {
    const parse = (text: string) => {
      const parsed = parseWebhookUrl(text, { allowedHosts: ["relay:8080"] });
      if (!parsed.ok) throw new Error(parsed.problem);
      return parsed;
    };
    const { target, parameters } = parse(given);
    expect(webhookUrlOf(target, parameters)).toBe(kept);
    expect(shownWebhookUrl(target)).toBe(shown);
    const again = parse(kept);
    expect([again.target, again.parameters, again.notes]).toEqual([target, parameters, []]);
  });
});
