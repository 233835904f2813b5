/** Reads a message form as the webhook routes do, with what is wrong with it in one line each. */
import { readExecuteForm } from "../src/form/payload.ts";
import { createReport } from "../src/form/report.ts";

export function read(payload: unknown, rules: { withComponents?: boolean; hasFiles?: boolean } = {}) {
  const report = createReport();
  const form = readExecuteForm(payload, { withComponents: false, hasFiles: false, ...rules }, report);
  return { form, errors: report.errors.map(({ path, code, message }) => `${path.join(".")} ${code} ${message}`) };
}
