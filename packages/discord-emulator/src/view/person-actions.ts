/** Does what a person at the page wants done: says, reacts, presses, uses a command, fills in. */
import { isRecord } from "../form/reader.ts";
import type { Desk } from "../interaction/desk.ts";
import type { InteractionOutcome } from "../interaction/interaction.ts";
import type { People } from "../people.ts";
import type { ActionResult, PersonAction } from "./protocol.ts";

const NAME_MAX = 32;

/** Who acts is in it: then it is a person's, and not an order to the emulator. */
export function isPersonal(request: unknown): request is Record<string, unknown> & { readonly as: string } {
  return isRecord(request) && typeof request["as"] === "string";
}

export type Acted = ActionResult | { readonly kind: "wrong"; readonly reason: string };

export async function actAs(
  request: Record<string, unknown> & { readonly as: string },
  people: People,
  desk: Desk,
): Promise<Acted> {
  const action = readAction(request);
  if (action === null) return { kind: "wrong", reason: "This is nothing that a person can do here." };
  try {
    return await perform(action, people, desk);
  } catch (error) {
    return { kind: "wrong", reason: error instanceof Error ? error.message : String(error) };
  }
}

async function perform(action: PersonAction, people: People, desk: Desk): Promise<ActionResult> {
  const person = people.user(action.as);
  switch (action.kind) {
    case "say":
      person.say(action.channelId, action.text);
      return { kind: "done" };
    case "dm":
      return { kind: "place", placeId: person.dm(action.botId).id };
    case "react":
      person.react(action.messageId, action.emoji);
      return { kind: "done" };
    case "roles":
      people.user(action.as, { roles: action.roles });
      return { kind: "done" };
    case "press":
      return toResult(await person.press(action.messageId, action.customId, action.values));
    case "slash":
      return toResult(await person.slash(action.channelId, action.command, action.options));
    case "submit": {
      const interaction = desk.find({ token: action.token });
      if (interaction === undefined) throw new Error("This form was shown too long ago.");
      return toResult(await person.submit({ interaction, modal: action.modal }, action.values));
    }
  }
}

function toResult(outcome: InteractionOutcome): ActionResult {
  if (outcome.kind === "no-response") return outcome;
  if (outcome.kind !== "modal") return { kind: "done" };
  return { kind: "modal", token: outcome.interaction.token, modal: outcome.modal };
}

type Shape = Readonly<Record<string, (value: unknown) => boolean>>;

const isText = (value: unknown) => typeof value === "string" && value !== "";
const areTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");

const SHAPES: Readonly<Record<PersonAction["kind"], Shape>> = Object.freeze({
  say: { channelId: isText, text: isText },
  dm: { botId: isText },
  react: { messageId: isText, emoji: isText },
  roles: { roles: areTexts },
  press: { messageId: isText, customId: isText, values: (value) => value === undefined || areTexts(value) },
  slash: { channelId: isText, command: isText, options: isRecord },
  submit: {
    token: isText,
    modal: (value) => isRecord(value) && Array.isArray(value["components"]),
    values: (value) => isRecord(value) && Object.values(value).every((one) => typeof one === "string"),
  },
});

function readAction(request: Record<string, unknown> & { readonly as: string }): PersonAction | null {
  const kind = String(request["kind"]);
  const shape = Object.hasOwn(SHAPES, kind) ? SHAPES[kind as PersonAction["kind"]] : undefined;
  const isNamed = request.as.trim() !== "" && request.as.length <= NAME_MAX;
  if (shape === undefined || !isNamed) return null;
  const fits = Object.entries(shape).every(([key, check]) => check(request[key]));
  return fits ? (request as unknown as PersonAction) : null;
}
