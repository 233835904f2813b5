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

function titleCase(type: string): string {
  return type
    .split(/[\s_-]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
