/** One embed. */
import type { APIEmbed, APIEmbedField } from "discord-api-types/v10";
import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { renderMarkdown } from "../markdown.ts";
import { type Frame, pictureOf } from "../pictures.ts";
import { whenSaid } from "../time.ts";
import type { MessageContext } from "./message.ts";

export function renderEmbed(embed: APIEmbed, context: MessageContext): TemplateResult {
  const picture = (url: string | undefined, frame: Frame) => (url ? pictureOf(url, context.ownUrl, frame) : undefined);
  const { title, url, color, author, description, thumbnail, image } = embed;
  return html`
    <discord-embed
      slot="embeds"
      color=${ifDefined(color === undefined ? undefined : `#${color.toString(16).padStart(6, "0")}`)}
      embed-title=${ifDefined(headingOf(title))}
      url=${ifDefined(url)}
      author-name=${ifDefined(withoutEmoji(author?.name))}
      author-url=${ifDefined(author?.url)}
      author-image=${ifDefined(picture(author?.icon_url, "icon"))}
      thumbnail=${ifDefined(picture(thumbnail?.url, "thumbnail"))}
      image=${ifDefined(picture(image?.url, "image"))}
    >
      ${
        description
          ? html`<discord-embed-description slot="description"><span class="content">${renderMarkdown(description, context.names)}</span></discord-embed-description>`
          : nothing
      }
      ${renderFields(embed.fields ?? [], context)}
      ${renderFooter(embed, picture(embed.footer?.icon_url, "icon"))}
    </discord-embed>
  `;
}

function renderFields(fields: readonly APIEmbedField[], context: MessageContext): TemplateResult | typeof nothing {
  if (fields.length === 0) return nothing;
  const columns = columnsOf(fields);
  return html`
    <discord-embed-fields slot="fields">
      ${fields.map(
        ({ name, value }, at) => html`
          <discord-embed-field style="grid-column: ${columns[at]}" field-title=${headingOf(name) ?? ""}>
            <span class="content">${renderMarkdown(value, context.names)}</span>
          </discord-embed-field>
        `,
      )}
    </discord-embed-fields>
  `;
}

const WHOLE = "1 / 13";

/** Inline fields stand three to a row, two when only two are left, in twelve columns. */
export function columnsOf(fields: readonly { readonly inline?: boolean }[]): string[] {
  const columns: string[] = [];
  while (columns.length < fields.length) {
    const rest = fields.slice(columns.length);
    const end = rest.findIndex(({ inline }) => inline !== true);
    const run = Math.min(end === -1 ? rest.length : end, 3);
    if (run <= 1) columns.push(WHOLE);
    else for (let at = 0; at < run; at++) columns.push(`${1 + (at * 12) / run} / ${1 + ((at + 1) * 12) / run}`);
  }
  return columns;
}

function renderFooter({ footer, timestamp }: APIEmbed, picture: string | undefined): TemplateResult | typeof nothing {
  if (!footer?.text && !timestamp) return nothing;
  const when = timestamp ? whenSaid(Date.parse(timestamp)) : undefined;
  return html`
    <discord-embed-footer slot="footer" footer-image=${ifDefined(picture)} .timestamp=${footer?.text ? when : undefined}
      >${footer?.text || when}</discord-embed-footer>
  `;
}

/** The component would fetch the pictures of custom emoji from Discord; their names must do. */
function withoutEmoji(text: string | undefined): string | undefined {
  return text?.replace(/<a?(:\w{2,32}:)\d{17,21}>/g, "$1");
}

/** Titles and names of fields are markdown, which the component shows as it stands: what was escaped reads as it was meant. */
export function headingOf(text: string | undefined): string | undefined {
  return withoutEmoji(text)?.replace(/\\([!-/:-@[-`{-~])/g, "$1");
}
