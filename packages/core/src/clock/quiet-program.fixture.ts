/**
 * A program in which nothing happens but waits that do not keep it alive, one after the other, and 3 s later the end.
 * Arguments: how long each is in milliseconds, and whether it is only told afterwards that it keeps nothing alive.
 */
import { createSystemClock } from "./system-clock.ts";

const [, , waitMs = "", isToldLater = ""] = process.argv;
const clock = createSystemClock({ keepAlive: isToldLater === "true" });
const end = setTimeout(() => process.stdout.write("late"), 3_000);
for (let k = 0; k < 50; k++)
  await new Promise<void>((resolve) => clock.schedule(clock.now() + Number(waitMs), resolve).unref?.());
clearTimeout(end);
process.stdout.write("in time");
