/**
 * Gives the message components, which show Discord's colours of 2021, those of today. Their own roots keep page styles
 * out, so the rules are added to the components before the first of them is made.
 */
import {
  DiscordAuthorInfo,
  DiscordEmbed,
  DiscordEmbedField,
  DiscordFileAttachment,
  DiscordMessage,
} from "@skyra/discord-components-core";
import { type CSSResultOrNative, css } from "lit";

export function modernise(): void {
  extend(
    DiscordMessage,
    css`
      :host { color: #dbdee1; font-family: var(--font); padding-right: 16px; }
      :host(:hover) { background-color: #2e3035; }
      :host([highlight]) { background-color: #444037; }
      :host([highlight]:hover) { background-color: #403d36; }
      :host([highlight])::before { background-color: #f0b232; }
      .discord-message-timestamp, .discord-message-edited { color: #949ba4; }
      .discord-message-timestamp { margin-left: 8px; }
      .discord-message-content { min-width: 0; padding-top: 0; }
      .discord-message-body { line-height: 1.375rem; }
      .discord-message-body-only-indent { flex: 0 0 56px; margin-left: 0; font-size: 11px; text-align: left; white-space: nowrap; }
    `,
  );
  extend(
    DiscordEmbed,
    css`
      :host { color: #dbdee1; margin: 4px 0; line-height: 1.375; }
      :host .discord-left-border { background-color: #1e1f22; }
      :host .discord-embed-wrapper { background-color: #2b2d31; border: 0; }
      :host .discord-embed-root { min-width: 0; max-width: 520px; }
      :host .discord-embed-wrapper .discord-embed-grid { grid-template-columns: minmax(0, auto) min-content; }
      :host .discord-embed-title { color: #f2f3f5; overflow-wrap: anywhere; }
      :host .discord-embed-title a { color: #00a8fc; }
      :host .discord-embed-media { grid-column: 1 / 3; }
      :host .discord-embed-image { max-width: 100%; }
    `,
  );
  extend(
    DiscordFileAttachment,
    css`.discord-file-attachment-mosaic-style { background-color: #2b2d31; border-color: #232428; }`,
  );
  extend(DiscordEmbedField, css`:host .discord-field-title { color: #f2f3f5; }`);
  extend(DiscordAuthorInfo, css`.discord-author-username { color: #f2f3f5; font-weight: 500; }`);
}

function extend(component: { elementStyles: CSSResultOrNative[] }, styles: CSSResultOrNative): void {
  component.elementStyles = [...component.elementStyles, styles];
}
