import { expect, it } from "vitest";
import { createLogger } from "./logger.ts";

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = "";
  write(
    createLogger("info", {
      write: (line) => {
        text += line;
      },
    }),
  );
  return text;
}

it("takes secrets out of whatever is logged, wherever they are", () => {
  const webhook = "https://discord.com/api/webhooks/123456789012345678/s3cr3t-Token_x";
  const text = logged((logger) => {
    logger.info({ mqtt: { username: "device_a", password: "hunter2" } }, `cannot post to ${webhook}?wait=true`);
    logger.error({ err: new Error(`mqtt://tocsin:hunter2@broker:1883 and ${webhook} are away`), url: webhook });
    logger.warn({ headers: { authorization: "Bearer hunter2" } }, "a request");
  });
  expect(text).not.toMatch(/hunter2|s3cr3t/);
  expect(text).toContain("webhooks/123456789012345678/[redacted]?wait=true");
  expect(text).toContain("mqtt://tocsin:[redacted]@broker:1883");
  for (const line of text.trim().split("\n")) expect(() => JSON.parse(line)).not.toThrow();
});

it("is silent below its level", () => {
  expect(logged((logger) => logger.debug("nothing"))).toBe("");
});
