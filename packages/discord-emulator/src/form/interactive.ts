/**
 * Reads the components that can be pressed or chosen from, which only applications may send.
 * https://docs.discord.com/developers/components/reference#button and #string-select
 */
import { choice, flag, integer, list, model, type Reader, text } from "./reader.ts";
import { webUrl } from "./url.ts";

const CUSTOM_ID_MAX = 100;
const OPTIONS_MAX = 25;
const LINK_STYLE = 5;
const SELECT_TYPES = [3, 5, 6, 7, 8] as const;
const STRING_SELECT = 3;

const id = integer({ max: 2_147_483_647 });
export const customId = text({ min: 1, max: CUSTOM_ID_MAX });

const button = model(
  {
    type: choice([2]),
    id,
    style: choice([1, 2, 3, 4, 5]),
    label: text({ max: 80 }),
    emoji: model({ id: text({ max: 20 }), name: text({ max: 100 }), animated: flag }),
    custom_id: customId,
    url: webUrl,
    disabled: flag,
  },
  { required: ["style"] },
);

/** A link has an address; every other button has an id, and none has both. */
export const anyButton: Reader<unknown> = (input, report) => {
  const read = button(input, report);
  if (read?.style === undefined) return read;
  const [needed, foreign] =
    read.style === LINK_STYLE ? (["url", "custom_id"] as const) : (["custom_id", "url"] as const);
  if (read[needed] === undefined) complainAt(needed, report, ["BASE_TYPE_REQUIRED", "This field is required"]);
  if (read[foreign] !== undefined) {
    complainAt(foreign, report, [
      "BUTTON_COMPONENT_INVALID_COMBINATION",
      "A custom id and url cannot both be specified",
    ]);
  }
  if (read.label === undefined && read.emoji === undefined) {
    complainAt("label", report, ["BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required"]);
  }
  return read;
};

function complainAt(
  key: string,
  report: Parameters<Reader<unknown>>[1],
  [code, message]: readonly [string, string],
): void {
  report.enter(key);
  report.complain(code, message);
  report.leave();
}

const option = model(
  {
    label: text({ min: 1, max: 100 }),
    value: text({ min: 1, max: 100 }),
    description: text({ max: 100 }),
    default: flag,
  },
  { required: ["label", "value"], inList: true },
);

function select(type: number): Reader<unknown> {
  return model(
    {
      type: choice([type]),
      id,
      custom_id: customId,
      placeholder: text({ max: 150 }),
      min_values: integer({ max: OPTIONS_MAX }),
      max_values: integer({ min: 1, max: OPTIONS_MAX }),
      disabled: flag,
      ...(type === STRING_SELECT ? { options: list(option, { min: 1, max: OPTIONS_MAX }) } : {}),
    },
    { required: type === STRING_SELECT ? ["custom_id", "options"] : ["custom_id"] },
  );
}

/** Menus, by their type. */
export const selects: Readonly<Record<number, Reader<unknown>>> = Object.freeze(
  Object.fromEntries(SELECT_TYPES.map((type) => [type, select(type)])),
);
