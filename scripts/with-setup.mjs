/**
 * The door of every npm script: `node scripts/with-setup.mjs <task> [arguments]`.
 *
 * Sets up what the task needs (npm packages, the pinned Node, built pages, system programs), then runs the task with
 * the pinned Node. Runs on the system's own Node with nothing installed, so it and `setup/` are plain JavaScript without
 * dependencies; the version is checked before anything newer is loaded.
 */
const OLDEST_NODE = 20;

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
  console.error(`set-up: Node ${OLDEST_NODE} or newer is needed to start; this is ${process.version}.`);
  process.exitCode = 1;
} else {
  const { main } = await import("./setup/main.mjs");
  await main(process.argv.slice(2));
}
