/** The look of each alert type: the only list of templates. An alert type without an entry does not compile. */
import type { KnownAlertType } from "../../notification/notification.ts";

export interface Template {
  /** Colour of the card, 0 to 0xffffff. */
  readonly color: number;
  /** The type's name in the footer. */
  readonly label: string;
}

export const TEMPLATES = {
  general: { color: 0x3498db, label: "General" },
  error: { color: 0xe67e22, label: "Error" },
  critical: { color: 0xe74c3c, label: "Critical" },
  tracklist: { color: 0x2ecc71, label: "Tracklist" },
  monitoring: { color: 0x9b59b6, label: "Monitoring" },
  security: { color: 0xf39c12, label: "Security" },
} as const satisfies Record<KnownAlertType, Template>;

/** Of what is over, whatever its type: green. */
export const RESOLVED_COLOR = 0x2e_cc_71;

const BY_TYPE: ReadonlyMap<string, Template> = new Map(Object.entries(TEMPLATES));
const COLOR_OF_OWN_TYPES = 0x95a5a6;

/** The template of a type; a type of the application's own gets a grey one under its own name. */
export function templateFor(type: string): Template {
  return BY_TYPE.get(type) ?? { color: COLOR_OF_OWN_TYPES, label: titleCase(type) };
}

/** Between words. */
const SEPARATORS = "-_ \t\n\r\u00a0";

/** Letter by letter: taken apart with a pattern it cost as much as all fields together. */
function titleCase(type: string): string {
  let title = "";
  let isInitial = true;
  for (const letter of type) {
    const separates = SEPARATORS.includes(letter);
    if (separates && !isInitial) title += " ";
    if (!separates) title += isInitial ? letter.toUpperCase() : letter;
    isInitial = separates;
  }
  return title;
}
