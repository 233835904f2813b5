/** The part of the page's state that is the reader's own: who they are, and what they are about to do. Pure. */
import type { Modal } from "../interaction/interaction.ts";
import type { Command, CommandOption } from "../world/commands.ts";

/** A slash command as it is offered: with the names of its subcommands, and what it asks for. */
export interface Offer {
  /** `silence add`, without the slash. */
  readonly name: string;
  readonly description: string;
  readonly options: readonly CommandOption[];
  readonly applicationId: string;
}

export interface ShownForm {
  readonly token: string;
  readonly modal: Modal;
}

export interface Own {
  /** The name under which the reader speaks. */
  readonly name: string;
  /** What stands in the field. */
  readonly draft: string;
  /** The command that is being filled in; null while it is text. */
  readonly offer: Offer | null;
  readonly form: ShownForm | null;
  /** What went wrong; null when nothing did. */
  readonly notice: string | null;
  readonly isPersonOpen: boolean;
  /** The message for which an emoji is being chosen. */
  readonly reactingTo: string | null;
  /** Presses that are not answered yet: message and custom id. */
  readonly pending: ReadonlySet<string>;
  /** Messages for the reader alone that they have put away. */
  readonly dismissed: ReadonlySet<string>;
}

export type OwnEvent =
  | { readonly kind: "draft"; readonly text: string }
  | { readonly kind: "offer"; readonly offer: Offer | null }
  | { readonly kind: "form"; readonly form: ShownForm | null }
  | { readonly kind: "notice"; readonly text: string | null }
  | { readonly kind: "toggle-person" }
  | { readonly kind: "become"; readonly name: string }
  | { readonly kind: "reacting"; readonly messageId: string | null }
  | { readonly kind: "pending"; readonly key: string; readonly isOver: boolean }
  | { readonly kind: "dismiss"; readonly messageId: string };

export const INITIAL_OWN: Own = Object.freeze({
  name: "you",
  draft: "",
  offer: null,
  form: null,
  notice: null,
  isPersonOpen: false,
  reactingTo: null,
  pending: new Set<string>(),
  dismissed: new Set<string>(),
});

export function stepOwn(own: Own, event: OwnEvent): Own {
  switch (event.kind) {
    case "draft":
      return { ...own, draft: event.text, notice: null };
    case "offer":
      return { ...own, offer: event.offer, draft: "", notice: null };
    case "form":
      return { ...own, form: event.form };
    case "notice":
      return { ...own, notice: event.text };
    case "toggle-person":
      return { ...own, isPersonOpen: !own.isPersonOpen };
    case "become":
      return { ...own, name: event.name, isPersonOpen: false };
    case "reacting":
      return { ...own, reactingTo: event.messageId };
    case "pending": {
      const pending = new Set(own.pending);
      if (event.isOver) pending.delete(event.key);
      else pending.add(event.key);
      return { ...own, pending };
    }
    case "dismiss":
      return { ...own, dismissed: new Set([...own.dismissed, event.messageId]) };
  }
}

/** Another place is looked at: what was begun here stays undone. */
export function leave(own: Own): Own {
  return { ...own, offer: null, draft: "", notice: null, reactingTo: null };
}

const SUBCOMMAND = 1;
const SUBCOMMAND_GROUP = 2;
const SLASH = 1;

/** The slash commands that a text like `/si` may become. */
export function offersFor(draft: string, commands: readonly Command[]): Offer[] {
  if (!draft.startsWith("/")) return [];
  const typed = draft.slice(1).toLowerCase();
  return commands
    .filter(({ type }) => type === SLASH)
    .flatMap(unfold)
    .filter(({ name }) => name.startsWith(typed));
}

/** A command with subcommands is only ever used by one of them. */
function unfold({ applicationId, name, description, options }: Command): Offer[] {
  const walk = (path: string, about: string, offered: readonly CommandOption[]): Offer[] => {
    const inner = offered.filter(({ type }) => type === SUBCOMMAND || type === SUBCOMMAND_GROUP);
    if (inner.length === 0) return [{ name: path, description: about, options: offered, applicationId }];
    return inner.flatMap((one) => walk(`${path} ${one.name}`, one.description ?? "", one.options ?? []));
  };
  return walk(name, description, options);
}
