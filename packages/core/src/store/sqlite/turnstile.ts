/** Lets one at a time through, in order of asking. Whoever finds it free goes through at once, without a promise. */
export interface Turnstile {
  /** Runs `work` alone; synchronously when nobody is inside. */
  pass<Result>(work: () => Result | Promise<Result>): Promise<Result>;
}

export function createTurnstile(): Turnstile {
  const waiting: (() => void)[] = [];
  let occupied = false;

  function leave(): void {
    const next = waiting.shift();
    if (next === undefined) occupied = false;
    else next();
  }

  async function run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      const result = work();
      return result instanceof Promise ? await result : result;
    } finally {
      leave();
    }
  }

  return {
    async pass(work) {
      if (occupied) await new Promise<void>((enter) => waiting.push(enter));
      occupied = true;
      return run(work);
    },
  };
}
