/** Message components, as far as a webhook may send them. */
import { html, nothing, type TemplateResult } from "lit";
import { renderMarkdown } from "../markdown.ts";
import { pictureOf } from "../pictures.ts";
import type { MessageContext } from "./message.ts";

/** The shape after the emulator's own checks; only what is drawn. */
interface Component {
  readonly type: number;
  readonly components?: readonly Component[];
  readonly accessory?: Component;
  readonly content?: string;
  readonly label?: string;
  readonly url?: string;
  readonly accent_color?: number;
  readonly divider?: boolean;
  readonly media?: { readonly url?: string };
  readonly file?: { readonly url?: string };
  readonly items?: readonly { readonly media?: { readonly url?: string } }[];
}

export function renderComponents(all: readonly object[], context: MessageContext): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return html`<div class="components" slot="components">${(all as readonly Component[]).map((one) => renderComponent(one, context))}</div>`;
}

function renderComponent(component: Component, context: MessageContext): TemplateResult | typeof nothing {
  const inner = () => component.components?.map((one) => renderComponent(one, context));
  const picture = (url = "") => html`<img src=${pictureOf(url, context.ownUrl)} alt="" />`;
  switch (component.type) {
    case 1:
      return html`<div class="row">${inner()}</div>`;
    case 2:
      return html`<a class="button" href=${component.url ?? ""} target="_blank" rel="noopener noreferrer">${component.label ?? component.url} ↗</a>`;
    case 9:
      return html`<div class="section"><div>${inner()}</div>${component.accessory ? renderComponent(component.accessory, context) : nothing}</div>`;
    case 10:
      return html`<div class="content">${renderMarkdown(component.content ?? "", context.names)}</div>`;
    case 11:
      return picture(component.media?.url);
    case 12:
      return html`<div class="gallery">${component.items?.map(({ media }) => picture(media?.url))}</div>`;
    case 13:
      return html`<div class="content">${component.file?.url}</div>`;
    case 14:
      return component.divider === false ? nothing : html`<hr />`;
    case 17: {
      const color =
        component.accent_color === undefined
          ? "transparent"
          : `#${component.accent_color.toString(16).padStart(6, "0")}`;
      return html`<div class="container" style="border-left-color: ${color}">${inner()}</div>`;
    }
    default:
      return nothing;
  }
}
