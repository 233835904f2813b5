/** What a handler of the bot routes gets to know of a request. */
import type { Answer } from "../http/answer.ts";
import type { Workshop } from "../webhook/call.ts";
import type { Multipart } from "../webhook/multipart.ts";
import type { Application } from "../world/society.ts";

export interface BotCall {
  /** The one instant of this request. */
  readonly now: number;
  readonly version: number;
  readonly method: string;
  /** What stands in the path where the route has names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly application: Application;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly multipart: Multipart | null;
}

export type BotHandler = (call: BotCall, workshop: Workshop) => Answer;
