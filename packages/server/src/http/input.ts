/**
 * Checks what comes in against a route's schema, and keeps for the answer where in it something is wrong.
 *
 * Upstream   Fastify, with the schemas of the contract. Downstream problems.ts, which puts it into words.
 */
import type { FastifySchemaCompiler } from "fastify";
import type { z } from "zod";

/** The input does not fit its schema. */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly issues: readonly z.core.$ZodIssue[];
  /** Where it came from, set by Fastify: `body`, `querystring`, `params`, `headers`. */
  validationContext?: string;

  constructor(issues: readonly z.core.$ZodIssue[]) {
    super("The input does not fit its schema");
    this.issues = issues;
  }
}

export const checkInput: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (input) => {
    const { success, data, error } = schema.safeParse(input);
    return success ? { value: data } : { error: new InputError(error.issues) };
  };

/** A JSON pointer (RFC 6901): `~` and `/` in a name are written `~0` and `~1`; the whole is the empty text. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
