#!/usr/bin/env node
/** Starts the command: from the built files where the package is installed, from the sources in the repository. */
import { existsSync } from "node:fs";

const NEEDED = [22, 19];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  console.error(
    `The Discord emulator needs Node ${NEEDED.join(".")} or newer; this is ${process.version}.\n` +
      "Install a newer one from https://nodejs.org, or with your version manager.",
  );
  process.exitCode = 1;
} else {
  const isRepository = existsSync(new URL("../src", import.meta.url));
  const { main } = await (isRepository ? import("../src/cli.ts") : import("../dist/cli.js"));
  await main(process.argv.slice(2));
}
