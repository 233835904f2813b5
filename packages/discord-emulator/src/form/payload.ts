/**
 * Reads the forms of a message, to create one and to edit one.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook and #edit-webhook-message
 */
import type { APIMessageTopLevelComponent } from "discord-api-types/v10";
import { allowedMentions } from "./allowed-mentions.ts";
import { interactiveComponents, stillComponents } from "./components.ts";
import { embeds } from "./embed.ts";
import { IS_COMPONENTS_V2 } from "./flags.ts";
import * as limits from "./limits.ts";
import { poll } from "./poll.ts";
import { flag, integer, isRecord, list, type ModelOf, model, type Reader, snowflake, text } from "./reader.ts";
import type { Report } from "./report.ts";
import { webUrl } from "./url.ts";
import { username } from "./username.ts";

const attachments = list(
  model(
    {
      id: snowflake,
      filename: text({ min: 1, max: limits.FILENAME_MAX }),
      description: text({ max: limits.ATTACHMENT_DESCRIPTION_MAX }),
    },
    { required: ["id"], inList: true },
  ),
  { max: limits.ATTACHMENTS_MAX },
);

const editShape = {
  content: text({ max: limits.CONTENT_MAX }),
  embeds,
  allowed_mentions: allowedMentions,
  flags: integer({ max: Number.MAX_SAFE_INTEGER }),
  attachments,
};

const executeShape = {
  ...editShape,
  username,
  avatar_url: webUrl,
  tts: flag,
  thread_name: text({ max: limits.THREAD_NAME_MAX }),
  applied_tags: list(snowflake, { max: limits.APPLIED_TAGS_MAX }),
  poll,
};

const botShape = {
  ...editShape,
  tts: flag,
  poll,
  nonce: text({ max: limits.NONCE_MAX }),
  enforce_nonce: flag,
  message_reference: model({ message_id: snowflake, channel_id: snowflake, fail_if_not_exists: flag }),
};

interface WithComponents {
  components?: APIMessageTopLevelComponent[];
}

export type ExecuteForm = ModelOf<typeof executeShape> & WithComponents;
export type EditForm = ModelOf<typeof editShape> & WithComponents;

export type BotForm = ModelOf<typeof botShape> & WithComponents;

export interface FormRules {
  /** A plain webhook's components are ignored without it. */
  readonly withComponents: boolean;
  /** Files came along. */
  readonly hasFiles: boolean;
  /** The sender is an application: its buttons can be pressed. */
  readonly isInteractive?: boolean;
  /** The message edited has IS_COMPONENTS_V2 already; it cannot lose it. */
  readonly isV2?: boolean;
}

export function readExecuteForm(input: unknown, rules: FormRules, report: Report): ExecuteForm | undefined {
  return readForm(model(executeShape), { input, rules, report });
}

export function readEditForm(input: unknown, rules: FormRules, report: Report): EditForm | undefined {
  return readForm(model(editShape), { input, rules, report });
}

/** What a bot posts; its components may be pressed. */
export function readBotForm(input: unknown, hasFiles: boolean, report: Report): BotForm | undefined {
  const rules = { withComponents: true, isInteractive: true, hasFiles };
  return readForm(model(botShape), { input, rules, report });
}

interface Reading {
  readonly input: unknown;
  readonly rules: FormRules;
  readonly report: Report;
}

function readForm<T extends object>(
  read: Reader<T>,
  { input, rules, report }: Reading,
): (T & WithComponents) | undefined {
  if (!isRecord(input)) {
    report.complain("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType");
    return undefined;
  }
  const form: (T & WithComponents & { flags?: number }) | undefined = read(input, report);
  if (form === undefined) return undefined;
  const isV2 = rules.isV2 === true || ((form.flags ?? 0) & IS_COMPONENTS_V2) !== 0;
  if (rules.withComponents) {
    const readers = rules.isInteractive === true ? interactiveComponents : stillComponents;
    report.enter("components");
    const read = readers[isV2 ? "v2" : "legacy"](input["components"], report);
    if (read !== undefined) form.components = read;
    report.leave();
  }
  if (isV2) refuseLegacyFields(form, rules, report);
  return form;
}

function refuseLegacyFields(form: object, { hasFiles }: FormRules, report: Report): void {
  const given = new Map(Object.entries(form));
  const used = ["content", "embeds", "poll"].filter((field) => {
    const value: unknown = given.get(field);
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  });
  for (const field of hasFiles ? [...used, "files"] : used) {
    report.enter(field);
    report.complain(
      "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
      `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`,
    );
    report.leave();
  }
}
