/** Sends what the reader does as a person, and shows what came of it. */
import type { ActionResult, PersonAction } from "../view/protocol.ts";
import { order } from "./orders.ts";
import type { Own } from "./own.ts";
import type { Tell } from "./view/app.ts";

type OwnAction = PersonAction extends infer Action ? (Action extends PersonAction ? Omit<Action, "as"> : never) : never;

/** True when it was done. What went wrong stands above the field. */
export async function act(action: OwnAction, { name }: Own, tell: Tell): Promise<boolean> {
  try {
    show(await order({ ...action, as: name } as PersonAction), tell);
    return true;
  } catch (error) {
    tell({ kind: "notice", text: error instanceof Error ? error.message.trim() : String(error) });
    return false;
  }
}

/** As {@link act}, with the button showing that it waits. */
export async function press(action: Extract<OwnAction, { kind: "press" }>, own: Own, tell: Tell): Promise<void> {
  const key = `${action.messageId} ${action.customId}`;
  tell({ kind: "pending", key, isOver: false });
  await act(action, own, tell);
  tell({ kind: "pending", key, isOver: true });
}

function show(result: ActionResult, tell: Tell): void {
  if (result.kind === "no-response")
    tell({ kind: "notice", text: `The application did not respond. ${result.reason ?? ""}`.trim() });
  else tell({ kind: "notice", text: null });
  if (result.kind === "place") tell({ kind: "select", placeId: result.placeId });
  if (result.kind === "modal") tell({ kind: "form", form: { token: result.token, modal: result.modal } });
}
