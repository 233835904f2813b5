/** Questions to the thread that have not been answered yet. They are asked again when a new thread takes over. */
import { ConfigError } from "../errors/config-error.ts";
import type { Answer, FromThread, Question, Topic, ToThread } from "./protocol.ts";

interface Call {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export class Calls {
  readonly #open = new Map<number, Call>();
  #last = 0;

  get size(): number {
    return this.#open.size;
  }

  /** Whether something is on its way into the store. */
  get isKeeping(): boolean {
    return [...this.#open.values()].some(({ question: { topic } }) => topic === "remember" || topic === "forget");
  }

  /** The question in the form in which it is posted, and the answer when it comes. */
  open(question: Question): { readonly message: ToThread; readonly answer: Promise<Answer> } {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const call = ++this.#last;
    this.#open.set(call, { question, resolve, reject });
    return { message: { kind: "ask", call, question }, answer: promise };
  }

  hear(message: Extract<FromThread, { readonly call: number }>): void {
    const call = this.#open.get(message.call);
    this.#open.delete(message.call);
    if (message.kind === "answer") call?.resolve(message.answer);
    else call?.reject(errorOf(message, call.question.topic));
  }

  /** The thread has died: what may be asked twice is asked of the next one. */
  again(): readonly ToThread[] {
    return [...this.#open].map(([call, { question }]) => ({ kind: "ask", call, question }));
  }

  /** Nobody can know whether these were carried out. */
  rejectUncertain(why: string): void {
    for (const [call, { question, reject }] of this.#open) {
      if (question.topic !== "replay") continue;
      this.#open.delete(call);
      reject(new Error(why));
    }
  }

  rejectAll(why: string): void {
    for (const { reject } of this.#open.values()) reject(new Error(why));
    this.#open.clear();
  }
}

/** A mistake of the caller's stays one on this side. */
function errorOf({ why, mistakes }: Extract<FromThread, { readonly kind: "no-answer" }>, topic?: Topic): Error {
  if (mistakes === null) return new Error(why);
  if (topic === "change-quiet-hours") return new ConfigError("CONFIG_QUIET_HOURS", mistakes);
  return new ConfigError("CONFIG_SILENCE", mistakes);
}
