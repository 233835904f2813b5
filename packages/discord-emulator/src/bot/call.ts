/** What a handler of the bot routes gets to know of a request. */
import type { Answer } from "../http/answer.ts";
import type { FormSource } from "../message/body-form.ts";
import type { Workshop } from "../workshop.ts";
import type { Application } from "../world/society.ts";

export interface BotCall extends FormSource {
  /** The one instant of this request. */
  readonly now: number;
  readonly version: number;
  readonly method: string;
  /** What stands in the path where the route has names. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly application: Application;
}

export type BotHandler = (call: BotCall, workshop: Workshop) => Answer;
