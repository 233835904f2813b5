/**
 * Collects what is wrong with a form, and where, in the two dialects Discord answers in.
 *
 * Upstream   the readers of form/, which enter a key, complain, and leave it.
 * Downstream http/problem.ts, which puts the tree or the flat form in a 400.
 */

export interface FormError {
  readonly path: readonly string[];
  readonly code: string;
  readonly message: string;
}

export interface Report {
  /** Everything complained about so far, in the order found. */
  readonly errors: readonly FormError[];
  /** Complains about the place entered last. */
  readonly complain: (code: string, message: string) => void;
  readonly enter: (key: string | number) => void;
  readonly leave: () => void;
}

export function createReport(): Report {
  const path: (string | number)[] = [];
  const errors: FormError[] = [];
  return {
    errors,
    complain: (code, message) => errors.push({ path: path.map(String), code, message }),
    enter: (key) => path.push(key),
    leave: () => path.pop(),
  };
}

export interface ErrorTree {
  _errors?: { code: string; message: string }[];
  [key: string]: ErrorTree | { code: string; message: string }[] | undefined;
}

/** API v8 and later: nested by key, list positions as string keys, `_errors` at the leaves. */
export function toErrorTree(errors: readonly FormError[]): ErrorTree {
  const root: ErrorTree = {};
  for (const { path, code, message } of errors) {
    let node = root;
    for (const key of path) {
      node[key] ??= {};
      node = node[key] as ErrorTree;
    }
    node._errors ??= [];
    node._errors.push({ code, message });
  }
  return root;
}

/**
 * API v6 and v7: one list per top-level key, holding the messages about that key itself and the bare keys of whatever
 * is wrong below it, as in `{"embeds":["0"]}`. Errors of the whole body are under `_misc`.
 */
export function toFlatErrors(errors: readonly FormError[]): Record<string, string[]> {
  const flat: Record<string, string[]> = {};
  for (const { path, message } of errors) {
    const key = path[0] ?? "_misc";
    const entry = path[1] ?? message;
    flat[key] ??= [];
    if (!flat[key].includes(entry)) flat[key].push(entry);
  }
  return flat;
}
