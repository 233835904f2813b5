import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tocsin } from "../../testing/command-line.ts";
import { startTestApp, type TestApp } from "../../testing/test-app.ts";

let server: TestApp;
let env: Readonly<Record<string, string>>;

beforeEach(async () => {
  server = await startTestApp();
  env = { TOCSIN_SERVER: server.addresses.http };
});

afterEach(() => server[Symbol.asyncDispose]());

// A12
describe("tocsin silence", () => {
  it("adds, lists and expires", async () => {
    expect((await tocsin(["silence"], { env })).out).toBe("There are no active silences.\n");
    const flags = ["--until", "2100-01-01T00:00:00Z", "--by", "Ann", "--comment", "repair"];
    const added = await tocsin(["silence", "add", "device=gw-7", "severity<critical", ...flags], { env });
    const [, id] =
      /^(sil_\S+): device=gw-7, severity<critical is not told until 2100-01-01 00:00:00Z\n$/.exec(added.out) ?? [];
    expect(id).toBeDefined();
    expect((await tocsin(["silence", "list"], { env })).out).toMatch(
      new RegExp(`^ID .*\n${id} +device=gw-7, severity<critical +2100-01-01 00:00:00Z +Ann +repair\n$`),
    );
    expect((await tocsin(["silence", "expire", id!], { env })).out).toMatch(/is over/);
    expect((await tocsin(["silence", "list", "--expired"], { env })).out).toContain(id);
    expect(await tocsin(["silence", "expire", id!], { env })).toMatchObject({
      code: 4,
      err: expect.stringMatching(/is over/),
    });
  });

  it("wants an end, and matchers that make sense", async () => {
    expect(await tocsin(["silence", "add", "device=x"], { env })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/needs an end: --for 2h/),
    });
    expect(await tocsin(["silence", "add", "device=~*", "--for", "2h"], { env })).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^tocsin: Matchers: at least one .* these match everything/),
    });
  });
});
