/** What a notification that waits takes of memory. */
import { startChild } from "../child/start-child.ts";
import { atMost, type Circumstances, compared, type Figure, type Scenario } from "../figure.ts";
import { whole } from "../statistics.ts";
import type { queueMemoryCalls } from "./queue-memory-process.ts";

const MAX_BYTES = 2_048;

export const queueMemory: Scenario = {
  name: "queue-memory",
  title: "Memory per notification that waits",
  method:
    "20,000 notifications with title, text and four fields wait for a webhook that is at its limit. Told is what the heap and " +
    "its external memory have grown by after garbage collection, per notification, with all its texts: title, values and text are made " +
    "anew for each, as an application would. Nobody keeps the receipts.",
  run,
};

async function run({ quick }: Circumstances): Promise<readonly Figure[]> {
  const entry = new URL("./queue-memory-process.ts", import.meta.url);
  await using child = startChild<typeof queueMemoryCalls>(entry, { nodeArgs: ["--expose-gc"] });
  const { bytes, inputBytes } = await child.call("measure", { count: quick ? 2_000 : 20_000 });
  return [
    { what: "bytes per notification", value: whole(bytes), target: atMost(bytes, MAX_BYTES) },
    compared("of which the input itself, had the application kept it", whole(inputBytes)),
  ];
}
