/** The child's side: answers calls until the parent is gone, and then ends, whatever is still open. */
import type { AnswerMessage, CallMessage, Calls } from "./calls.ts";

export function answerCalls(calls: Calls): void {
  process.on("message", (message) => void answer(message as CallMessage));
  process.on("disconnect", () => process.exit());

  async function answer({ id, name, argument }: CallMessage): Promise<void> {
    try {
      const result = await calls[name]!(argument as never);
      reply({ id, ok: true, result });
    } catch (error) {
      reply({ id, ok: false, story: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
}

function reply(message: AnswerMessage): void {
  process.send!(message);
}
