/** A set-up that cannot go on for a reason that people can act on: shown as text, without a stack. */
export class SetupFailure extends Error {
  /** @param {readonly string[]} lines What happened, then what to do, a line each. */
  constructor(lines) {
    super(lines.join("\n"));
    this.name = "SetupFailure";
  }
}

/** A signal came while something was under way that is now unfinished; the next start repairs it. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
    this.name = "Interrupted";
  }
}
