/**
 * Reads the forms of a webhook message, to create one and to edit one.
 * https://docs.discord.com/developers/resources/webhook#execute-webhook and #edit-webhook-message
 */
import type { APIMessageTopLevelComponent } from "discord-api-types/v10";
import { allowedMentions } from "./allowed-mentions.ts";
import { componentsV2, legacyComponents } from "./components.ts";
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

interface WithComponents {
  components?: APIMessageTopLevelComponent[];
}

export type ExecuteForm = ModelOf<typeof executeShape> & WithComponents;
export type EditForm = ModelOf<typeof editShape> & WithComponents;

export interface FormRules {
  /** A plain webhook's components are ignored without it. */
  readonly withComponents: boolean;
  /** Files came along. */
  readonly hasFiles: boolean;
  /** The message edited has IS_COMPONENTS_V2 already; it cannot lose it. */
  readonly isV2?: boolean;
}

export function readExecuteForm(input: unknown, rules: FormRules, report: Report): ExecuteForm | undefined {
  return readForm(model(executeShape), { input, rules, report });
}

export function readEditForm(input: unknown, rules: FormRules, report: Report): EditForm | undefined {
  return readForm(model(editShape), { input, rules, report });
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
    report.enter("components");
    const components = (isV2 ? componentsV2 : legacyComponents)(input["components"], report);
    if (components !== undefined) form.components = components;
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
