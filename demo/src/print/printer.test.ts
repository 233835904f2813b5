import { describe, expect, it } from "vitest";
import { createPrinter } from "./printer.ts";

function setUp({ color = false, columns = 80 } = {}) {
  const written: string[] = [];
  const time = { now: 5_000 };
  const write = (text: string) => written.push(text);
  const printer = createPrinter({ write, columns: () => columns, color, now: () => time.now });
  return { printer, time, text: () => written.join("") };
}

describe("the printer", () => {
  it("counts time from its start, and anew when told", () => {
    const { printer, time, text } = setUp();
    time.now += 1_234;
    printer.event("shop", "Web shop", "starts");
    printer.restart();
    time.now += 500;
    printer.event("shop", "Web shop", "goes on");
    expect(text()).toBe("00:01.2  Web shop         starts\n00:00.5  Web shop         goes on\n");
  });

  it("colours who it was, and nothing where colours are not wanted", () => {
    const colored = setUp({ color: true });
    colored.printer.event("discord", "garden", "text");
    expect(colored.text()).toBe("\u001b[34m00:00.0  garden         \u001b[39m  text\n");
    const plain = setUp();
    for (const voice of ["device", "shop", "discord", "demo", "trouble"] as const) plain.printer.event(voice, "a", "b");
    plain.printer.heading("title");
    expect(plain.text()).not.toContain("\u001b");
  });

  it("looks at the width each time it writes", () => {
    const { printer, text } = setUp({ columns: 30 });
    printer.text("a text that is longer than the terminal is wide");
    expect(text()).toBe("a text that is longer than the\nterminal is wide\n");
  });
});
