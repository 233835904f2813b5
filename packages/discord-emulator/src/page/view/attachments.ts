/** The files of a message: pictures shown, others offered. */
import { html, nothing, type TemplateResult } from "lit";
import type { StoredAttachment, StoredMessage } from "../../world/message.ts";
import type { MessageContext } from "./message.ts";

const PICTURE = /^image\/(?:png|jpeg|gif|webp)\b/i;

export function renderAttachments(message: StoredMessage, { ownUrl }: MessageContext): TemplateResult | typeof nothing {
  // What an embed shows already is not shown again.
  const used = new Set(message.embeds.flatMap(({ image, thumbnail }) => [image?.url, thumbnail?.url]));
  const shown = message.attachments.filter(({ url }) => !used.has(url));
  if (shown.length === 0) return nothing;
  return html`<div class="attachments" slot="attachments">${shown.map((file) => renderFile(file, file.url.slice(ownUrl.length)))}</div>`;
}

function renderFile({ contentType, filename, description, sizeBytes }: StoredAttachment, path: string): TemplateResult {
  if (PICTURE.test(contentType)) {
    return html`<a href=${path} target="_blank" rel="noopener"><img src=${path} alt=${description ?? filename} title=${description ?? filename} /></a>`;
  }
  const [bytes, unit] = sizeOf(sizeBytes);
  return html`<discord-file-attachment slot="attachments" name=${filename} href=${path} target="_blank" .bytes=${bytes} bytes-unit=${unit}></discord-file-attachment>`;
}

export function sizeOf(bytes: number): [number, string] {
  if (bytes < 1024) return [bytes, "bytes"];
  if (bytes < 1024 * 1024) return [Math.round(bytes / 102.4) / 10, "KB"];
  return [Math.round(bytes / 104_857.6) / 10, "MB"];
}
