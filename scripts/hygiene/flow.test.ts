import { describe, expect, it } from "vitest";
import { backImports, foreignImports, impureUses, strangers } from "./flow.ts";

const file = (path: string, text: string) => [{ path, text }];

describe("strangers", () => {
  it("names a folder that is no stage, and takes stages and files beside them", () => {
    const sources = ["utils/x.ts", "delivery/lane/x.ts", "notifier.ts"].map((path) => ({ path, text: "" }));
    expect(strangers(sources)).toEqual(["utils/x.ts"]);
  });
});

describe("backImports", () => {
  it.each([
    ["import", 'import { x } from "../channel/x.ts";'],
    ["import of a type", 'import type { X } from "../channel/x.ts";'],
    ["import for its effect", 'import "../channel/x.ts";'],
    ["re-export", 'export { x } from "../channel/x.ts";'],
    ["re-export of all", 'export * from "../channel/x.ts";'],
    ["dynamic import", 'const x = await import("../channel/x.ts");'],
    ["type by import()", 'let x: import("../channel/x.ts").X;'],
    ["import over several lines", 'import {\n  x,\n  y,\n} from\n  "../channel/x.ts";'],
  ])("sees a later stage in an %s", (_form, text) => {
    expect(backImports(file("delivery/a.ts", text))).toEqual(["delivery/a.ts -> channel/x.ts"]);
  });

  it("sees a stage that imports a file beside the stages", () => {
    expect(backImports(file("delivery/a.ts", 'import "../notifier.ts";'))).toEqual(["delivery/a.ts -> notifier.ts"]);
  });

  it("sees an import that leaves the folder", () => {
    expect(backImports(file("notifier.ts", 'import "../testing/x.ts";'))).toEqual(["notifier.ts -> ../testing/x.ts"]);
  });

  it("allows earlier stages, the own one, packages, the manifest, and anything to files beside the stages", () => {
    const text =
      'import "../clock/x.ts"; import "../../package.json" with { type: "json" }; import "./lane/x.ts"; import "undici"; // import "../channel/x.ts";';
    expect(backImports([...file("delivery/a.ts", text), ...file("notifier.ts", 'import "./channel/x.ts";')])).toEqual(
      [],
    );
  });
});

describe("foreignImports", () => {
  it.each(["@tocsin/core", "@tocsin/core/testing", "tocsin", "../../core/src/index.ts", "../../../../core/src/x.ts"])(
    "sees %s",
    (target) => {
      const path = target.startsWith("../../../..") ? "a/b/x.ts" : "x.ts";
      const found = foreignImports(file(path, `import "${target}";`), ["@tocsin/core", "tocsin"]);
      expect(found).toEqual([`${path} -> ${target}`]);
    },
  );

  it("allows the package's own files, its manifest, and other people's packages", () => {
    const text =
      'import "./y.ts"; import "../y.ts"; import "../../package.json"; import "tocsinish"; import "@tocsin/corelike";';
    expect(foreignImports(file("a/x.ts", text), ["@tocsin/core", "tocsin"])).toEqual([]);
  });
});

describe("impureUses", () => {
  it.each([
    ["Date.now", "const at = Date.now();"],
    ["Date.now", 'const at = Date["now"]();'],
    ["Date.now", "const { now } = Date;"],
    ["new Date()", "const at = new Date();"],
    ["Date()", "const at = Date();"],
    ["Math.random", "const draw = Math.random;"],
    ["setTimeout", "globalThis.setTimeout(f, 1);"],
    ["setInterval", "setInterval(f, 1);"],
    ["performance", "performance.now();"],
    ["hrtime", "process.hrtime.bigint();"],
    ["randomUUID", "crypto.randomUUID();"],
    ["AbortSignal.timeout", "AbortSignal.timeout(5);"],
    ["node:timers/promises", 'import { scheduler } from "node:timers/promises";'],
  ])("sees %s in `%s`", (name, text) => {
    expect(impureUses(file("delivery/a.ts", text))).toEqual([`delivery/a.ts: ${name}`]);
  });

  it("allows them in clock/, and instants that are passed in everywhere", () => {
    const pure =
      "// setTimeout\nconst text = 'Date.now()'; new Date(now); Math.max(1, 2); clock.random(); clock.now();";
    expect(impureUses([...file("delivery/a.ts", pure), ...file("clock/a.ts", "Date.now();")])).toEqual([]);
  });
});
