/**
 * Takes what Slack and GitHub send: `POST …/slack` and `POST …/github`. Enough of both to see that a message arrives;
 * the layout Discord gives them is not imitated.
 * https://docs.discord.com/developers/resources/webhook#execute-slackcompatible-webhook
 */
import * as limits from "../form/limits.ts";
import type { ExecuteForm } from "../form/payload.ts";
import { complainMissing, isRecord, list, model, text } from "../form/reader.ts";
import { createReport } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { readForm } from "../message/body-form.ts";
import type { Workshop } from "../workshop.ts";
import type { Call } from "./call.ts";
import { createMessage, readQuery } from "./execute.ts";

const slackForm = model({
  text: text({ max: limits.CONTENT_MAX }),
  username: text({ max: limits.USERNAME_MAX }),
  attachments: list(
    model({
      title: text({ max: limits.EMBED_TITLE_MAX }),
      text: text({ max: limits.EMBED_DESCRIPTION_MAX }),
      pretext: text({ max: limits.CONTENT_MAX }),
      footer: text({ max: limits.EMBED_FOOTER_MAX }),
    }),
    { max: limits.EMBEDS_MAX },
  ),
});

/** Answers with the bare word `ok`, as Slack does. */
export function executeSlack(call: Call, workshop: Workshop): answers.Answer {
  return executeService(call, workshop, (value, report) => {
    const source = isRecord(value) && typeof value["payload"] === "string" ? safeParse(value["payload"]) : value;
    const form = slackForm(source, report);
    if (form === undefined) return undefined;
    const embeds = form.attachments?.map(({ title, text: description, footer }) => ({
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(footer === undefined ? {} : { footer: { text: footer } }),
    }));
    return {
      ...(form.text === undefined ? {} : { content: form.text }),
      ...(form.username === undefined ? {} : { username: form.username }),
      ...(embeds === undefined ? {} : { embeds }),
    };
  });
}

/** Answers 204; an event is one embed that names repository, event and sender. */
export function executeGithub(call: Call, workshop: Workshop): answers.Answer {
  return executeService(call, workshop, (value, report) => {
    const sender = isRecord(value) ? value["sender"] : undefined;
    if (!isRecord(sender)) {
      report.enter("sender");
      complainMissing(report);
      report.leave();
      return undefined;
    }
    const repository = isRecord(value) ? value["repository"] : undefined;
    const place = isRecord(repository) ? String(repository["full_name"] ?? "") : "";
    const title = `[${place}] ${call.githubEvent ?? "event"} by ${String(sender["login"] ?? "unknown")}`;
    return { username: "GitHub", embeds: [{ title: title.slice(0, limits.EMBED_TITLE_MAX) }] };
  });
}

type ToForm = (value: unknown, report: ReturnType<typeof createReport>) => ExecuteForm | undefined;

function executeService(call: Call, workshop: Workshop, toForm: ToForm): answers.Answer {
  const channel = workshop.world.channels.get(call.webhook.channelId);
  const read = readForm(call);
  if (read.kind === "refused") return read.answer;
  const report = createReport();
  const { threadId } = readQuery(call.query, report);
  const form = toForm(read.value, report);
  if (report.errors.length > 0 || form === undefined) return answers.invalidForm(report.errors);
  if (channel !== undefined && channel.kind !== "text" && threadId === undefined) return answers.NO_SERVICES_IN_FORUMS;
  // Neither form can carry allowed_mentions, so strict mode has nothing to ask of it.
  const lenient = { ...workshop, strict: false };
  const answer = createMessage({ form, files: [], wait: false, threadId }, call, lenient);
  if (!answers.isSuccess(answer) || call.route.resource !== "slack") return answer;
  return { kind: "raw", status: 200, contentType: "text/html; charset=utf-8", body: "ok" };
}

function safeParse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}
