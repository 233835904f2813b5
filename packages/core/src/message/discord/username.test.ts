import { describe, expect, it } from "vitest";
import { usableUsername } from "./username.ts";

describe("usableUsername", () => {
  it.each(["Tocsin", "Groundsphere", "x".repeat(80), "👩‍👩‍👧 watch"])("takes %s", (name) => {
    expect(usableUsername(` ${name} `)).toBe(name);
  });

  it.each(["", "  ", "Clyde", "my DISCORD bot", "a@b", "#ops", "12:30", "```", "everyone", "HERE", "x".repeat(81)])(
    "refuses %s, as Discord would",
    (name) => {
      expect(usableUsername(name)).toBeNull();
    },
  );
});
