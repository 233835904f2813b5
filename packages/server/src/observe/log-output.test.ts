import { describe, expect, it } from "vitest";
import { createLogOutput, type WriteBytes } from "./log-output.ts";
import { createLogger } from "./logger.ts";

/** A file that takes what it is told to take, when it is told to. */
function scripted() {
  const asked: { readonly text: string; readonly done: Parameters<WriteBytes>[1] }[] = [];
  const write: WriteBytes = (bytes, done) => void asked.push({ text: Buffer.from(bytes).toString(), done });
  const fail = (code: string) => asked.at(-1)!.done(Object.assign(new Error(code), { code }), 0);
  return {
    write,
    fail,
    take: (count: number) => asked.at(-1)!.done(null, count),
    texts: () => asked.map(({ text }) => text),
  };
}

describe("the log's output", () => {
  it("writes in order, one write at a time, as many as the system wants", () => {
    const file = scripted();
    const output = createLogOutput(file);
    for (const line of ["0123456789\n", "a\n", "b\n"]) output.write(line);
    expect(file.texts()).toEqual(["0123456789\n"]);
    file.take(4);
    file.take(7);
    file.take(4);
    output.write("c\n");
    expect(file.texts()).toEqual(["0123456789\n", "456789\n", "a\nb\n", "c\n"]);
  });

  it.each(["EIO", "ENOSPC", "EPIPE"])("gives up what meets with %s, and takes what comes later", (code) => {
    const file = scripted();
    const logger = createLogger("info", createLogOutput(file));
    logger.info("lost");
    file.fail(code);
    logger.info("told");
    expect(file.texts()).toEqual([expect.stringContaining("lost"), expect.stringContaining("told")]);
  });

  it("tries again what a slow reader has no room for, and leaves out what is too much", () => {
    const file = scripted();
    const again: (() => void)[] = [];
    const output = createLogOutput({ write: file.write, later: (one) => void again.push(one) });
    output.write("first\n");
    file.fail("EAGAIN");
    for (let mebibytes = 0; mebibytes < 20; mebibytes++) output.write("x".repeat(1_024 * 1_024));
    again[0]!();
    expect(file.texts()).toEqual(["first\n", "first\n"]);
    file.take(6);
    expect(file.texts().at(-1)).toHaveLength(8 * 1_024 * 1_024);
  });
});
