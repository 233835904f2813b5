/**
 * Which cases the property tests draw: the same ones in every run, so that a change is judged by itself and not by luck.
 *
 * Loaded before every test file. To look for new ones: `FAST_CHECK_SEED=random FAST_CHECK_RUNS=5000 npx vitest run packages/core`;
 * the seed of a property that fails is in its report, and its case belongs into the test as an example.
 */
import fc from "fast-check";

const EVERY_RUN_SEED = 20_260_101;

const { FAST_CHECK_SEED: seed = EVERY_RUN_SEED, FAST_CHECK_RUNS: runs } = process.env;

fc.configureGlobal({
  seed: seed === "random" ? Date.now() ^ process.pid : Number(seed),
  ...(runs !== undefined && { numRuns: Number(runs) }),
});
