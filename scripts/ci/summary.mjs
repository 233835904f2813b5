/**
 * The closing line of a run, from the test runner's own report: `N passed, N failed`.
 *
 * Usage: node scripts/ci/summary.mjs <vitest's JSON report> <vitest's exit code>. Plain JavaScript, because the line is due even when
 * nothing could be installed.
 */
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

/**
 * @typedef {{ assertionResults: readonly { status: string }[], status: string }} FileResult
 * @typedef {{ testResults: readonly FileResult[] }} Report
 */

/**
 * Counts tests, and each file that failed without a failing test of its own (it could not be loaded, or a hook failed) as one.
 * A runner that failed for any other reason, or left no report, is one failure, so that the line never says less than the truth.
 *
 * @param {Report | null} report
 * @param {number} exitCode The runner's.
 */
export function closingLine(report, exitCode) {
  const files = report?.testResults ?? [];
  const tests = files.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === "passed").length;
  const failedTests = tests.filter(({ status }) => status === "failed").length;
  const failedFiles = files.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = Math.max(failedTests + failedFiles, exitCode === 0 && report !== null ? 0 : 1);
  const skipped = tests.length - passed - failedTests;
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

const [, script = "", path = "", exitCode = "1"] = process.argv;
if (import.meta.url === pathToFileURL(script).href) console.log(closingLine(readReport(path), Number(exitCode)));
