import { expect, it } from "vitest";
import { shownEmbeds } from "./embed.ts";

it("shows only the first of several embeds with one url, and all without", () => {
  const url = "https://a.example/dashboard";
  const all = [
    { title: "1", url },
    { title: "2" },
    { title: "3", url },
    { title: "4" },
    { title: "5", url: `${url}#5` },
  ];
  expect(shownEmbeds(all).map(({ title }) => title)).toEqual(["1", "2", "4", "5"]);
});
