import { describe, expect, it } from "vitest";
import { readBotForm } from "./payload.ts";
import { createReport } from "./report.ts";

const row = (...components: object[]) => ({ components: [{ type: 1, components }] });
const button = { type: 2, style: 1, custom_id: "a", label: "A" };
const menu = { type: 3, custom_id: "m", options: [{ label: "A", value: "a" }] };

function errorsOf(payload: unknown): string[] {
  const report = createReport();
  readBotForm(payload, false, report);
  return report.errors.map(({ path, code }) => `${path.join(".")} ${code}`);
}

describe("components of bots", () => {
  it.each([
    { name: "a button", payload: row(button) },
    { name: "a button with an emoji alone", payload: row({ ...button, label: undefined, emoji: { name: "✅" } }) },
    { name: "a link", payload: row({ type: 2, style: 5, label: "A", url: "https://a.example/" }) },
    { name: "a menu", payload: row(menu) },
    { name: "a menu of roles", payload: row({ type: 6, custom_id: "r" }) },
    { name: "a button in a container", payload: { flags: 32768, components: [{ type: 17, ...row(button) }] } },
  ])("$name is fine", ({ payload }) => {
    expect(errorsOf(payload)).toEqual([]);
  });

  const at = "components.0.components.0";
  it.each([
    { name: "no id", component: { ...button, custom_id: undefined }, errors: [`${at}.custom_id BASE_TYPE_REQUIRED`] },
    {
      name: "a link without an address",
      component: { type: 2, style: 5, label: "A" },
      errors: [`${at}.url BASE_TYPE_REQUIRED`],
    },
    {
      name: "both an id and an address",
      component: { ...button, url: "https://a.example/" },
      errors: [`${at}.url BUTTON_COMPONENT_INVALID_COMBINATION`],
    },
    {
      name: "nothing on it",
      component: { ...button, label: undefined },
      errors: [`${at}.label BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED`],
    },
    { name: "a style of its own", component: { ...button, style: 9 }, errors: [`${at}.style BASE_TYPE_CHOICES`] },
    {
      name: "a long id",
      component: { ...button, custom_id: "x".repeat(101) },
      errors: [`${at}.custom_id BASE_TYPE_BAD_LENGTH`, `${at}.custom_id BASE_TYPE_REQUIRED`],
    },
    {
      name: "a menu without options",
      component: { type: 3, custom_id: "m" },
      errors: [`${at}.options BASE_TYPE_REQUIRED`],
    },
  ])("$name is refused", ({ component, errors }) => {
    expect(errorsOf(row(component))).toEqual(errors);
  });
});
