/** What kind of error was thrown, in a word. Pure, as far as the error's getters are. */

const MAX_NAME_CHARS = 100;
const UNNAMED = "Error";

/** `TypeError`: its name, or that of its class where a subclass has set none. Never throws; anything that is no error is an `Error`. */
export function errorName(error: unknown): string {
  try {
    if (typeof error !== "object" || error === null) return UNNAMED;
    const own = textOf("name" in error && error.name);
    const name = own === "" || own === UNNAMED ? textOf(error.constructor?.name) : own;
    return name === "" || name === "Object" ? UNNAMED : name.slice(0, MAX_NAME_CHARS);
  } catch {
    return UNNAMED;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
