/**
 * Takes a bot's first answer to an interaction, however it comes: through the callback route, or as the response of its
 * own HTTP endpoint.
 * https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
 */
import { customId } from "../form/interactive.ts";
import { choice, isRecord, list, model, type Reader, text } from "../form/reader.ts";
import { createReport, type Report } from "../form/report.ts";
import * as answers from "../http/answer.ts";
import { editMessage } from "../message/edit.ts";
import type { UploadedFile } from "../message/multipart.ts";
import type { Workshop } from "../workshop.ts";
import type { StoredMessage } from "../world/message.ts";
import { COMMAND, type Interaction, type InteractionOutcome } from "./interaction.ts";
import { sayInAnswer, think } from "./say.ts";

const MESSAGE = 4;
const DEFERRED_MESSAGE = 5;
const DEFERRED_UPDATE = 6;
const UPDATE = 7;
const SHOW_MODAL = 9;

export interface CallbackOrder {
  readonly value: unknown;
  readonly files: readonly UploadedFile[];
  readonly now: number;
}

export type Callback =
  | { readonly kind: "answered"; readonly type: number; readonly message: StoredMessage | null }
  | answers.Answer;

export function answerInteraction(interaction: Interaction, order: CallbackOrder, workshop: Workshop): Callback {
  const state = workshop.desk.state(interaction);
  if (state === "answered") return answers.ALREADY_ACKNOWLEDGED;
  if (state === "failed") return answers.UNKNOWN_INTERACTION;
  const report = createReport();
  const type = readType(order.value, interaction, report);
  if (type === undefined) return answers.invalidForm(report.errors);
  const data = isRecord(order.value) ? order.value["data"] : undefined;
  const outcome = act(interaction, { ...order, value: data ?? {}, type }, workshop);
  if (!("outcome" in outcome)) return outcome;
  workshop.desk.settle(interaction, outcome.outcome, outcome.original?.id ?? null);
  return { kind: "answered", type, message: outcome.original };
}

/** A command has no message that could be updated. */
function readType(value: unknown, { type, messageId }: Interaction, report: Report): number | undefined {
  const allowed = [MESSAGE, DEFERRED_MESSAGE];
  if (type !== COMMAND && messageId !== null) allowed.push(DEFERRED_UPDATE, UPDATE);
  if (type === COMMAND || messageId !== null) allowed.push(SHOW_MODAL);
  const read = model({ type: choice(allowed) }, { required: ["type"] })(value, report);
  return report.errors.length > 0 ? undefined : read?.type;
}

interface Act extends CallbackOrder {
  readonly type: number;
}

type Acted =
  | { readonly outcome: InteractionOutcome; readonly original: StoredMessage | null }
  | Exclude<answers.Answer, { outcome: unknown }>;

function act(interaction: Interaction, { type, value, files, now }: Act, workshop: Workshop): Acted {
  switch (type) {
    case MESSAGE: {
      const said = sayInAnswer(interaction, { value, files, now, within: "data" }, workshop);
      if (said.kind !== "said") return said;
      return { outcome: { kind: "message", message: said.message }, original: said.message };
    }
    case DEFERRED_MESSAGE: {
      const flags = isRecord(value) && typeof value["flags"] === "number" ? value["flags"] : 0;
      const message = think(interaction, { flags, now }, workshop);
      return { outcome: { kind: "deferred", message }, original: message };
    }
    case DEFERRED_UPDATE:
      return { outcome: { kind: "deferred-update" }, original: pressed(interaction, workshop) ?? null };
    case UPDATE:
      return update(interaction, { value, files, now }, workshop);
    default:
      return showModal(interaction, value);
  }
}

function update(interaction: Interaction, { value, files, now }: CallbackOrder, workshop: Workshop): Acted {
  const message = pressed(interaction, workshop);
  if (message === undefined) return answers.UNKNOWN_MESSAGE;
  const order = { message, value, files, now, withComponents: true, isInteractive: true, within: "data" };
  const edited = editMessage(order, workshop);
  if (edited.kind !== "edited") return edited;
  return { outcome: { kind: "updated", message: edited.message }, original: edited.message };
}

/** The message whose component was used, as it is now. */
function pressed({ channelId, messageId }: Interaction, { world }: Workshop): StoredMessage | undefined {
  return messageId === null ? undefined : world.log(channelId)?.get(messageId);
}

const anything: Reader<unknown> = (input) => input;

const modal = model(
  { custom_id: customId, title: text({ min: 1, max: 45 }), components: list(anything, { min: 1, max: 5 }) },
  { required: ["custom_id", "title", "components"] },
);

function showModal(interaction: Interaction, value: unknown): Acted {
  const report = createReport();
  report.enter("data");
  const { custom_id = "", title = "", components = [] } = modal(value, report) ?? {};
  if (report.errors.length > 0) return answers.invalidForm(report.errors);
  const shown = { customId: custom_id, title, components };
  return { outcome: { kind: "modal", interaction, modal: shown }, original: null };
}
