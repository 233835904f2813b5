#!/usr/bin/env node
/**
 * Starts Tocsin: as it was built, or from its sources where they are (in the repository). Plain JavaScript in the manner of old
 * versions, so that an old Node can say that it is one.
 */
import { existsSync } from "node:fs";
import * as nodeModule from "node:module";

const OLDEST = [22, 19];
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    `tocsin: Node ${OLDEST.join(".")} or newer is needed; this is ${process.versions.node}. See https://nodejs.org`,
  );
  process.exit(2);
}

const source = new URL("../src/main.ts", import.meta.url);
if (existsSync(source)) {
  // Packages of the repository name their sources under this condition.
  nodeModule.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, "tocsin-source"] }),
  });
  await import(source.href);
} else {
  await import(new URL("../dist/main.js", import.meta.url).href);
}
