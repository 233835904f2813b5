/** The buttons below an alert, for what people may do about it. Pure. */
import type { AlertAction } from "../../alert/desk.ts";
import type { Notification } from "../../notification/notification.ts";
import { matterOf, writeCustomId } from "./custom-id.ts";

/** Discord's kinds of component: https://docs.discord.com/developers/components/reference */
export const ACTION_ROW = 1;
const BUTTON = 2;
/** Discord's colours of a button. */
const BLUE = 1;
const GREY = 2;
const GREEN = 3;

export interface Button {
  readonly type: typeof BUTTON;
  readonly style: number;
  readonly label: string;
  readonly custom_id: string;
  readonly disabled?: boolean;
}

export interface ButtonRow {
  readonly type: typeof ACTION_ROW;
  readonly components: readonly Button[];
}

const LOOKS: Readonly<Record<AlertAction, { readonly label: string; readonly style: number }>> = {
  acknowledge: { label: "Acknowledge", style: BLUE },
  silence: { label: "Silence 1 h", style: GREY },
  resolve: { label: "Resolve", style: GREEN },
};

/** @param secret the bot's token */
export function buttonsOf(
  { actions, key, phase }: Pick<Notification, "actions" | "key" | "phase">,
  secret: string,
): readonly ButtonRow[] {
  if (actions === null || key === null || phase === "resolved") return [];
  const matter = matterOf(key);
  return [
    {
      type: ACTION_ROW,
      components: actions.map((action) => ({
        type: BUTTON,
        custom_id: writeCustomId({ action, matter }, secret),
        ...LOOKS[action],
      })),
    },
  ];
}
