import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { TASKS } from "./tasks.mjs";

const ROOT = join(import.meta.dirname, "..", "..");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

it("every npm script goes through the set-up, by its own name", () => {
  const names = Object.keys(TASKS);
  const wanted = names.map((name) => [name, `exec node scripts/with-setup.mjs ${name}`]);
  expect(scripts).toEqual(Object.fromEntries(wanted));
});

it.each(Object.entries(TASKS))("%s passes its arguments on, or takes none", (name, task) => {
  const takesNone = ["setup", "check", "verify"];
  const passed = task.steps(["--x"], ROOT).some(({ args }) => args.includes("--x"));
  expect(passed).toBe(!takesNone.includes(name));
});
