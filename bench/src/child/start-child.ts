/** The parent's side: starts a module as a process of its own, calls it, and ends it. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { AnswerMessage, ArgumentOf, CallMessage, Calls, ResultOf } from "./calls.ts";

export interface Child<C extends Calls> extends AsyncDisposable {
  /** @throws Error with the child's own story when the call fails there, or when it ends first */
  call<Name extends keyof C & string>(name: Name, argument: ArgumentOf<C, Name>): Promise<ResultOf<C, Name>>;
}

export interface ChildOptions {
  /** For Node, beside those of this process. */
  readonly nodeArgs?: readonly string[];
}

/** @param entry URL of a module that hands its functions to `answerCalls` */
export function startChild<C extends Calls>(entry: URL, { nodeArgs = [] }: ChildOptions = {}): Child<C> {
  const child = fork(entry, { execArgv: [...process.execArgv, ...nodeArgs], serialization: "advanced" });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;

  child.on("message", (message) => {
    const answer = message as AnswerMessage;
    const call = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.ok) call?.resolve(answer.result);
    else call?.reject(new Error(answer.story));
  });
  child.once("exit", (code, signal) => {
    for (const call of waiting.values()) call.reject(new Error(`${entry} ended early (${signal ?? code})`));
    waiting.clear();
  });

  return {
    call(name, argument) {
      const call = Promise.withResolvers<unknown>();
      const message: CallMessage = { id: ++lastId, name, argument };
      waiting.set(message.id, call);
      child.send(message);
      return call.promise as Promise<never>;
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}
