/** Markdown of the application's own with values of unknown origin in it. Pure. */
import { readable } from "../../notification/readable.ts";
import { visible } from "../visible.ts";
import { escapeContent } from "./content.ts";

/**
 * Tags a template: what is written is markdown, what is inserted is shown as it is. For notifications with
 * `format: "markdown"`. Not for values inside of code, where Discord shows backslashes.
 *
 * @example
 * markdown`**${plant.name}** is dry` // a plant named "*Rose*" stays "*Rose*", in bold
 */
export function markdown(texts: TemplateStringsArray, ...values: readonly unknown[]): string {
  return texts.reduce((before, text, index) => before + escapeContent(visible(readable(values[index - 1]))) + text);
}
