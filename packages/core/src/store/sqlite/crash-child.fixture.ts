/**
 * The program that the crash test kills: appends, settles some, and prints what it may claim as soon as it may.
 * Arguments: path of the database, a name that makes its ids its own.
 */
import { writeSync } from "node:fs";
import { delivered, delivery } from "../../../testing/store-conformance/scenes.ts";
import { createSystemClock } from "../../clock/system-clock.ts";
import { openSqliteStore } from "./sqlite-store.ts";

const [, , path = "", name = ""] = process.argv;
const clock = createSystemClock();
const { outbox } = openSqliteStore({ database: path, clock });
/** Straight into the pipe: what was printed before the kill arrives. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

async function caller(number: number): Promise<void> {
  for (let n = 0; ; n++) {
    const record = delivery(`${name}-${number}-${n}`, { createdAt: clock.now() });
    await outbox.append([record]);
    say(`accepted ${record.id}`);
    if (n % 2 === 1) continue;
    await outbox.settle([delivered(record)]);
    say(`settled ${record.id}`);
  }
}

await Promise.all(Array.from({ length: 20 }, (_, number) => caller(number)));
