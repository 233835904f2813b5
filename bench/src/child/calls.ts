/** What parent and child processes say to each other: one call, one answer, in plain data. */

/** Functions that one process offers to another. Arguments and results cross as structured clones. */
export type Calls = Readonly<Record<string, (argument: never) => unknown>>;

export type ArgumentOf<C extends Calls, Name extends keyof C> = Parameters<C[Name]>[0];
export type ResultOf<C extends Calls, Name extends keyof C> = Awaited<ReturnType<C[Name]>>;

export interface CallMessage {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}

export type AnswerMessage =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly story: string };
