import { expect, it } from "vitest";
import { createDiscreetLogger, type Logger } from "./logging.ts";

it("createDiscreetLogger takes secrets out at every level, and leaves the logger its own self", () => {
  class Own implements Logger {
    readonly lines: string[] = [];
    debug(message: string): void {
      this.lines.push(`debug ${message}`);
    }
    info(message: string): void {
      this.lines.push(`info ${message}`);
    }
    warn(message: string): void {
      this.lines.push(`warn ${message}`);
    }
    error(message: string): void {
      this.lines.push(`error ${message}`);
    }
  }
  const own = new Own();
  const discreet = createDiscreetLogger(own);
  discreet.debug("at /api/webhooks/1/t0ken");
  discreet.info("secret=whsec_c2VjcmV0");
  discreet.warn("smtp://ops:pa55@mail");
  discreet.error("postgres://ops:pa55@db");
  expect(own.lines).toEqual([
    "debug at /api/webhooks/1/***",
    "info secret=whsec_***",
    "warn smtp://***@mail",
    "error postgres://ops:***@db",
  ]);
});
