/**
 * Reads message components: those that a plain webhook may send, which cannot be pressed, and those of a bot, which can.
 * https://docs.discord.com/developers/components/reference
 *
 * The codes are those people quote; for what nobody quotes the nearest general code stands in.
 */
import type { APIMessageTopLevelComponent } from "discord-api-types/v10";
import { anyButton, selects } from "./interactive.ts";
import { choice, flag, integer, isRecord, list, model, type Reader, text } from "./reader.ts";
import { mediaUrl, webUrl } from "./url.ts";

export const COMPONENTS_MAX = 40;
export const ACTION_ROWS_MAX = 5;
export const TEXT_DISPLAY_MAX = 4000;
/**
 * Above this weight (UTF-8 bytes of all texts, and 12 for each component) the API answers 500, always.
 * discord/discord-api-docs#8554
 */
export const CRASH_WEIGHT = 10_170;

const ACTION_ROW = 1;
const BUTTON = 2;
const SECTION = 9;
const TEXT_DISPLAY = 10;
const THUMBNAIL = 11;
const MEDIA_GALLERY = 12;
const FILE = 13;
const SEPARATOR = 14;
const CONTAINER = 17;
const LINK_STYLE = 5;

const id = integer({ max: 2_147_483_647 });
const mediaItem = model({ url: mediaUrl }, { required: ["url"] });
const caption = text({ max: 1024 });

const label = text({ max: 80 });
const linkButton = model(
  { type: choice([BUTTON]), id, style: choice([LINK_STYLE]), label, url: webUrl, disabled: flag },
  { required: ["style", "url"] },
);
const textDisplay = model(
  { type: choice([TEXT_DISPLAY]), id, content: text({ min: 1, max: TEXT_DISPLAY_MAX }) },
  { required: ["content"] },
);
const thumbnail = model(
  { type: choice([THUMBNAIL]), id, media: mediaItem, description: caption, spoiler: flag },
  { required: ["media"] },
);
const mediaGallery = model(
  {
    type: choice([MEDIA_GALLERY]),
    id,
    items: list(model({ media: mediaItem, description: caption, spoiler: flag }, { required: ["media"] }), {
      min: 1,
      max: 10,
    }),
  },
  { required: ["items"] },
);
const file = model({ type: choice([FILE]), id, file: mediaItem, spoiler: flag }, { required: ["file"] });
const separator = model({ type: choice([SEPARATOR]), id, divider: flag, spacing: choice([1, 2]) });
const still = {
  [TEXT_DISPLAY]: textDisplay,
  [MEDIA_GALLERY]: mediaGallery,
  [FILE]: file,
  [SEPARATOR]: separator,
};

/** What a message may be made of, with or without what can be pressed. */
function createReaders(isInteractive: boolean) {
  const button = isInteractive ? anyButton : linkButton;
  const inRow: Record<number, Reader<unknown>> = isInteractive
    ? { [BUTTON]: button, ...selects }
    : { [BUTTON]: button };
  const actionRow = model(
    { type: choice([ACTION_ROW]), id, components: list(oneOf(inRow), { min: 1, max: 5 }) },
    { required: ["components"] },
  );
  const section = model(
    {
      type: choice([SECTION]),
      id,
      components: list(oneOf({ [TEXT_DISPLAY]: textDisplay }), { min: 1, max: 3 }),
      accessory: oneOf({ [BUTTON]: button, [THUMBNAIL]: thumbnail }),
    },
    { required: ["components", "accessory"] },
  );
  const within = { [ACTION_ROW]: actionRow, [SECTION]: section, ...still };
  const container = model(
    {
      type: choice([CONTAINER]),
      id,
      // Bounded by the 40 of the whole message alone.
      components: list(oneOf(within), { max: Number.POSITIVE_INFINITY }),
      accent_color: integer({ max: 0xffffff }),
      spoiler: flag,
    },
    { required: ["components"] },
  );
  return {
    /** With IS_COMPONENTS_V2. */
    v2: components(list(oneOf({ ...within, [CONTAINER]: container }), { max: Number.POSITIVE_INFINITY })),
    /** Without: rows alone. */
    legacy: components(list(oneOf({ [ACTION_ROW]: actionRow }), { max: ACTION_ROWS_MAX })),
  };
}

/** What a plain webhook may send. */
export const stillComponents = createReaders(false);

/** What a bot may send. */
export const interactiveComponents = createReaders(true);

/** One of several shapes, told apart by `type`. */
function oneOf(shapes: Readonly<Record<number, Reader<unknown>>>): Reader<unknown> {
  const listed = Object.keys(shapes).join(", ");
  return (input, report) => {
    const read = isRecord(input) ? shapes[Number(input["type"])] : undefined;
    if (read !== undefined) return read(input, report);
    report.complain(
      "UNION_TYPE_CHOICES",
      `Value of field "type" must be one of (${listed}${listed.includes(",") ? "" : ","}).`,
    );
    return undefined;
  };
}

function components(read: Reader<unknown[]>): Reader<APIMessageTopLevelComponent[]> {
  return (input, report) => {
    const all = read(input, report);
    if (all === undefined) return undefined;
    const { count, characters } = weigh(all);
    if (count > COMPONENTS_MAX) {
      report.complain("BASE_TYPE_BAD_LENGTH", `Must be between 1 and ${COMPONENTS_MAX} in length.`);
    }
    if (characters > TEXT_DISPLAY_MAX) {
      report.complain("BASE_TYPE_MAX_LENGTH", `Must be ${TEXT_DISPLAY_MAX} or fewer in length.`);
    }
    return all as APIMessageTopLevelComponent[];
  };
}

export interface Weight {
  /** Components, nested ones included. */
  readonly count: number;
  readonly characters: number;
  readonly texts: readonly string[];
}

/** What a tree of components amounts to. */
export function weigh(all: readonly unknown[]): Weight {
  const texts: string[] = [];
  let count = 0;
  const visit = (node: unknown): void => {
    if (!isRecord(node)) return;
    count += 1;
    if (node["type"] === TEXT_DISPLAY && typeof node["content"] === "string") texts.push(node["content"]);
    if (Array.isArray(node["components"])) node["components"].forEach(visit);
    visit(node["accessory"]);
  };
  all.forEach(visit);
  return { count, characters: texts.reduce((sum, one) => sum + [...one].length, 0), texts };
}

/** Whether Discord would fall over these components, with a 500 that no repeat cures. */
export function crashesDiscord(all: readonly unknown[]): boolean {
  const { count, texts } = weigh(all);
  return texts.reduce((sum, one) => sum + Buffer.byteLength(one), 12 * count) > CRASH_WEIGHT;
}
