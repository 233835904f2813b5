/** The few drawings the page needs. */
import { html, svg, type TemplateResult } from "lit";

const PATHS = {
  text: "M10.7 3.2a1 1 0 0 1 .8 1.2L11 7h4l.6-3a1 1 0 1 1 2 .4L17 7h3a1 1 0 1 1 0 2h-3.4l-1.1 6H19a1 1 0 1 1 0 2h-3.9l-.6 3a1 1 0 1 1-2-.4l.5-2.6H9l-.6 3a1 1 0 1 1-2-.4L7 17H4a1 1 0 1 1 0-2h3.4l1.1-6H5a1 1 0 0 1 0-2h3.9l.6-3a1 1 0 0 1 1.2-.8ZM14.6 9h-4l-1.1 6h4l1.1-6Z",
  forum:
    "M4 3h10a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3H9l-4 3.5V14H4a3 3 0 0 1-3-3V6a3 3 0 0 1 3-3Zm15 6a3 3 0 0 1 3 3v4a3 3 0 0 1-3 3v3l-3.5-3H12a3 3 0 0 1-2.6-1.5L10.7 16H14a5 5 0 0 0 5-5V9Z",
  thread:
    "M5 3a1 1 0 0 1 1 1v7a3 3 0 0 0 3 3h7.6l-2.3-2.3a1 1 0 1 1 1.4-1.4l4 4a1 1 0 0 1 0 1.4l-4 4a1 1 0 0 1-1.4-1.4l2.3-2.3H9a5 5 0 0 1-5-5V4a1 1 0 0 1 1-1Z",
  bell: "M12 2a6.5 6.5 0 0 0-6.5 6.5v4.6l-2.1 3.5c-.5.8.1 1.9 1 1.9h15.2c.9 0 1.5-1.1 1-1.9l-2.1-3.5V8.5A6.5 6.5 0 0 0 12 2Zm-3.2 18a3.2 3.2 0 0 0 6.4 0H8.8Z",
  mute: "m3.3 2.3 18.4 18.4-1.4 1.4-3.6-3.6H4.4c-.9 0-1.5-1.1-1-1.9l2.1-3.5V8.5c0-.5 0-1 .2-1.4L1.9 3.7l1.4-1.4ZM12 2a6.5 6.5 0 0 1 6.5 6.5v4.6l.6 1L8 3.4A6.5 6.5 0 0 1 12 2Zm-3.2 18a3.2 3.2 0 0 0 6.4 0H8.8Z",
  panel: "M4 4h16a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2V6c0-1.1.9-2 2-2Zm11 2v12h5V6h-5Z",
  copy: "M8 2h10a3 3 0 0 1 3 3v10h-2V5a1 1 0 0 0-1-1H8V2ZM6 6h8a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3V9a3 3 0 0 1 3-3Z",
} as const;

export function icon(name: keyof typeof PATHS): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${svg`<path d=${PATHS[name]} fill-rule="evenodd"></path>`}</svg>`;
}
