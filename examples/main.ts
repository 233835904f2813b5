/**
 * Starts an example by its name: `npm run example -- web-express`.
 */
const EXAMPLES = ["every-kind", "web-express", "web-fastify", "music-import", "plant-sensor", "wall-display"];

const [name = ""] = process.argv.slice(2);
if (EXAMPLES.includes(name)) {
  await import(`./${name}/main.ts`);
} else {
  console.error(`Say which example: ${EXAMPLES.map((known) => `npm run example -- ${known}`).join(", ")}`);
  process.exitCode = 2;
}
