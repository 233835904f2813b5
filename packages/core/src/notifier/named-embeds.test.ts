/** A batch that Discord refuses for one of its embeds, over real HTTP: how many requests it takes until all is told. */
import { expect, it } from "vitest";
import { type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from "../../testing/scripted-server.ts";
import { createNotifier } from "../notifier.ts";

interface Embed {
  readonly title: string;
  readonly image?: { readonly url: string };
}

const read = ({ body }: ScriptedRequest) => JSON.parse(body) as { content?: string; embeds?: readonly Embed[] };

/** As Discord answers: each embed with a picture from there is named. */
function answerLikeDiscord(request: ScriptedRequest): ScriptedAnswer {
  const bad = (read(request).embeds ?? []).flatMap(({ image }, index) => (image?.url.includes("bad") ? [index] : []));
  const url = { _errors: [{ code: "URL_TYPE_INVALID_URL", message: "Not a well formed URL." }] };
  const errors = { embeds: Object.fromEntries(bad.map((index) => [index, { image: { url } }])) };
  const headers = { "content-type": "application/json" };
  if (bad.length === 0) return { status: 200, headers, body: JSON.stringify({ id: "900", channel_id: "7" }) };
  return { status: 400, headers, body: JSON.stringify({ code: 50035, message: "Invalid Form Body", errors }) };
}

async function tell(bad: readonly number[]) {
  const server = await startScriptedServer({ status: 500 });
  server.answerWith(answerLikeDiscord);
  const host = new URL(server.origin).host;
  const env = {
    DISCORD_WEBHOOK_URL: `${server.origin}/api/webhooks/42/token`,
    DISCORD_ALLOWED_HOSTS: host,
    LOG_LEVEL: "error",
  };
  const notifier = createNotifier({ env, validateOnStart: false });
  // The first sets out at once, and the ten behind it share the next request.
  const results = await Promise.all(
    Array.from({ length: 11 }, (_, n) => {
      return notifier.send({ title: `${n}`, ...(bad.includes(n) ? { image: "https://bad.example/x.png" } : {}) });
    }),
  );
  await notifier.close();
  await server.close();
  const messages = server.requests.map((request) =>
    read(request)
      .embeds?.map(({ title }) => title)
      .join(" "),
  );
  const repeats = results
    .flatMap(({ destinations }) => destinations)
    .filter((one) => "possibleRepeat" in one && one.possibleRepeat);
  return { messages, delivered: results.filter(({ success }) => success).length, repeats };
}

it.each([
  { bad: [4], after: ["1 2 3", "4", "5 6 7 8 9 10"] },
  { bad: [1], after: ["1", "2 3 4 5 6 7 8 9 10"] },
  { bad: [10], after: ["1 2 3 4 5 6 7 8 9", "10"] },
  { bad: [1, 2], after: ["1", "2", "3 4 5 6 7 8 9 10"] },
])("tells the others together when Discord names the embed of $bad, in order and each once", async ({ bad, after }) => {
  const { messages, delivered, repeats } = await tell(bad);
  expect(messages).toEqual(["0", "1 2 3 4 5 6 7 8 9 10", ...after]);
  expect(delivered).toBe(11);
  expect(repeats).toEqual([]);
});
