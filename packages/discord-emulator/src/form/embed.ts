/** Reads the embeds of a message. The form as Discord documents it; `type`, `provider`, `video` and sizes are ignored. */
import type { APIEmbed } from "discord-api-types/v10";
import * as limits from "./limits.ts";
import { codePoints, flag, integer, list, model, type Reader, text } from "./reader.ts";
import { timestamp } from "./timestamp.ts";
import { mediaUrl, webUrl } from "./url.ts";

const media = model({ url: mediaUrl });

const embed = model(
  {
    title: text({ max: limits.EMBED_TITLE_MAX }),
    description: text({ max: limits.EMBED_DESCRIPTION_MAX }),
    url: webUrl,
    timestamp,
    color: integer({ max: limits.COLOR_MAX }),
    footer: model({ text: text({ max: limits.EMBED_FOOTER_MAX }), icon_url: mediaUrl }),
    image: media,
    thumbnail: media,
    author: model({ name: text({ max: limits.EMBED_AUTHOR_MAX }), url: webUrl, icon_url: mediaUrl }),
    fields: list(
      model(
        {
          name: text({ max: limits.EMBED_FIELD_NAME_MAX }),
          value: text({ max: limits.EMBED_FIELD_VALUE_MAX }),
          inline: flag,
        },
        { required: ["name", "value"], inList: true },
      ),
      { max: limits.EMBED_FIELDS_MAX },
    ),
  },
  { inList: true },
);

const embedList = list(embed, { max: limits.EMBEDS_MAX });

/** Up to ten embeds whose texts have 6000 code points or fewer in all. */
export const embeds: Reader<APIEmbed[]> = (input, report) => {
  const read = embedList(input, report) as APIEmbed[] | undefined;
  if (read === undefined) return undefined;
  if (textLength(read) > limits.EMBEDS_TEXT_MAX) {
    report.complain("MAX_EMBED_SIZE_EXCEEDED", `Embed size exceeds maximum size of ${limits.EMBEDS_TEXT_MAX}`);
  }
  for (const one of read) one.type = "rich" as NonNullable<APIEmbed["type"]>;
  return read;
};

function textLength(all: readonly APIEmbed[]): number {
  let total = 0;
  for (const { title, description, footer, author, fields } of all) {
    total += lengthOf(title) + lengthOf(description) + lengthOf(footer?.text) + lengthOf(author?.name);
    for (const { name, value } of fields ?? []) total += lengthOf(name) + lengthOf(value);
  }
  return total;
}

function lengthOf(part: string | undefined): number {
  return part === undefined ? 0 : codePoints(part);
}

/**
 * What a reader of the channel sees: of several embeds with the same `url` only the first.
 * (https://docs.discord.com/developers/resources/message#embed-object)
 */
export function shownEmbeds(all: readonly APIEmbed[]): readonly APIEmbed[] {
  if (all.length < 2) return all;
  const seen = new Set<string>();
  return all.filter(({ url }) => {
    if (url === undefined) return true;
    if (seen.has(url)) return false;
    seen.add(url);
    return true;
  });
}
