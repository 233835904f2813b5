import { describe, expect, it } from "vitest";
import { read } from "../../testing/read-form.ts";
import { crashesDiscord } from "./components.ts";

describe("components", () => {
  const v2 = (...components: unknown[]) => ({ flags: 32768, components });
  const text = (content: string) => ({ type: 10, content });
  const link = { type: 2, style: 5, label: "Open", url: "https://a.example" };
  const withComponents = { withComponents: true };

  it("are ignored unless with_components is set", () => {
    expect(read({ content: "x", components: "nonsense" })).toMatchObject({ errors: [], form: { content: "x" } });
  });

  it.each([
    { name: "a row of links", payload: { content: "x", components: [{ type: 1, components: [link] }] } },
    { name: "texts", payload: v2(text("one"), { type: 17, accent_color: 1, components: [text("two"), { type: 14 }] }) },
    { name: "a section with a link", payload: v2({ type: 9, components: [text("x")], accessory: link }) },
  ])("$name are taken", ({ payload }) => {
    expect(read(payload, withComponents).errors).toEqual([]);
  });

  it.each([
    {
      payload: { components: [text("x")] },
      error: 'components.0 UNION_TYPE_CHOICES Value of field "type" must be one of (1,).',
    },
    {
      payload: {
        components: [{ type: 1, components: [{ type: 2, style: 1, custom_id: "x", url: "https://a.example" }] }],
      },
      error: "components.0.components.0.style BASE_TYPE_CHOICES Value must be one of {5}.",
    },
    { payload: v2(text("")), error: "components.0.content BASE_TYPE_BAD_LENGTH Must be between 1 and 4000 in length." },
    {
      payload: v2(...Array(41).fill(text("x"))),
      error: "components BASE_TYPE_BAD_LENGTH Must be between 1 and 40 in length.",
    },
    {
      payload: v2({ type: 17, components: Array(40).fill(text("x")) }),
      error: "components BASE_TYPE_BAD_LENGTH Must be between 1 and 40 in length.",
    },
    {
      payload: v2(text("x".repeat(2_001)), text("x".repeat(2_000))),
      error: "components BASE_TYPE_MAX_LENGTH Must be 4000 or fewer in length.",
    },
    {
      payload: { ...v2(text("x")), content: "y" },
      error:
        "content MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2 The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
    },
  ])("$error", ({ payload, error }) => {
    expect(read(payload, withComponents).errors).toEqual([error]);
  });

  it("of 10,170 bytes and 12 for each are the most Discord survives", () => {
    // 3 bytes each: 3386 × 3 = 10,158, and 12 for the one component.
    expect(crashesDiscord([text("あ".repeat(3_386))])).toBe(false);
    expect(crashesDiscord([text(`${"あ".repeat(3_386)}x`)])).toBe(true);
  });
});
