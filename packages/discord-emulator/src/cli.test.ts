import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { post, request, setUp } from "../testing/harness.ts";
import { readCommand } from "./cli/options.ts";
import { startProblem } from "./cli/words.ts";

const BIN = fileURLToPath(new URL("../bin/discord-emulator.mjs", import.meta.url));

interface Running {
  /** Resolves with all standard output so far, as soon as it matches. */
  readonly says: (pattern: RegExp) => Promise<string>;
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
  readonly kill: (signal: NodeJS.Signals) => void;
}

function command(...args: string[]): Running {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", BIN, ...args]);
  let [out, err] = ["", ""];
  let look = () => {};
  child.stdout.on("data", (chunk) => {
    out += chunk;
    look();
  });
  child.stderr.on("data", (chunk) => {
    err += chunk;
  });
  return {
    says: (pattern) =>
      new Promise((resolve, reject) => {
        look = () => pattern.test(out) && resolve(out);
        child.on("close", () => reject(new Error(`It ended without saying so: ${out}${err}`)));
        look();
      }),
    ended: new Promise((resolve) => child.on("close", (code) => resolve({ code, out, err }))),
    kill: (signal) => child.kill(signal),
  };
}

describe("the command", () => {
  it("prints the page's address and webhooks that work, and ends cleanly on Ctrl-C", async () => {
    const running = command("--port", "0", "--channels", "general,posts:forum");
    const out = await running.says(/Ctrl-C ends it/);
    expect(out).toMatch(/Page: http:\/\/127\.0\.0\.1:\d+\n/);
    const url = /#general +(http\S+)/.exec(out)?.[1] ?? "";
    expect((await post(url, { content: "x" })).status).toBe(204);
    const forum = /#posts +(http\S+)/.exec(out)?.[1] ?? "";
    expect((await post(forum, { content: "x" })).body).toMatchObject({ code: 220001 });
    running.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 0, err: "" });
  });

  it("has strict mode and no limits on demand", async () => {
    const running = command("--port", "0", "--channels", "a", "--strict", "--no-limits");
    const url = /#a +(http\S+)/.exec(await running.says(/Ctrl-C ends it/))?.[1] ?? "";
    expect((await post(url, { content: "x" })).status).toBe(400);
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => post(url, { content: "x", allowed_mentions: { parse: [] } })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    running.kill("SIGTERM");
    expect((await running.ended).code).toBe(0);
  });

  it("prints the tokens of bots, and they are good", async () => {
    const running = command("--port", "0", "--bots", "Tocsin,Other=a.b-c_d");
    const out = await running.says(/Ctrl-C ends it/);
    const [, url = "", own = ""] = /Page: (\S+)[\s\S]* Tocsin +(\S+)/.exec(out) ?? [];
    expect(out).toContain(`the API is at ${url}/api`);
    for (const token of [own, "a.b-c_d"]) {
      const { status } = await request(`${url}/api/v10/users/@me`, { headers: { authorization: `Bot ${token}` } });
      expect(status).toBe(200);
    }
    running.kill("SIGINT");
    expect((await running.ended).code).toBe(0);
  });

  it("says what to do when the port is taken", async () => {
    await using bench = await setUp();
    const { port } = new URL(bench.emulator.url);
    expect(await command("--port", port).ended).toEqual({
      code: 1,
      out: "",
      err: `Port ${port} is taken by another program. Choose another with --port, or --port 0 for any that is free.\n`,
    });
  });

  it("warns when others can reach it", async () => {
    const running = command("--port", "0", "--host", "0.0.0.0");
    await running.says(/Ctrl-C ends it/);
    running.kill("SIGINT");
    expect((await running.ended).err).toMatch(/^Warning: listening on 0\.0\.0\.0/);
  });

  it("shows help and version, and explains a mistake", async () => {
    const [help, version, mistake] = await Promise.all([
      command("--help").ended,
      command("--version").ended,
      command("--prot", "1").ended,
    ]);
    expect(help).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: discord-emulator/) });
    expect(version).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
    expect(mistake).toMatchObject({
      code: 2,
      err: expect.stringMatching(/'--prot'[\s\S]*See discord-emulator --help\.\n$/),
    });
  });
}, 20_000);

describe("readCommand", () => {
  it("reads everything", () => {
    const args = ["--port", "1", "--host", "::1", "--channels", " a , b:media ", "--name", "N", "--punish"];
    expect(readCommand([...args, "--tls-key", "k", "--tls-cert", "c"])).toEqual({
      kind: "run",
      port: 1,
      host: "::1",
      channels: [
        { name: "a", kind: "text" },
        { name: "b", kind: "media" },
      ],
      bots: [],
      guildName: "N",
      isStrict: false,
      limits: "punish",
      tls: { key: "k", cert: "c" },
    });
  });

  it.each([
    { args: ["--port", "65536"], says: "from 0 to 65535" },
    { args: ["--port", "x"], says: "from 0 to 65535" },
    { args: ["--channels", ","], says: "names no channel" },
    { args: ["--channels", "a:voice"], says: 'not "voice"' },
    { args: ["--channels", ":forum"], says: "needs a name" },
    { args: ["--bots", "=t"], says: "A bot needs a name" },
    { args: ["--bots", "Tocsin=a b"], says: "letters, digits, dots" },
    { args: ["--tls-key", "k"], says: "both --tls-key and --tls-cert" },
    { args: ["--punish", "--no-limits"], says: "contradict" },
    { args: ["extra"], says: "extra" },
  ])("refuses $args", ({ args, says }) => {
    expect(readCommand(args)).toEqual({ kind: "mistake", message: expect.stringContaining(says) });
  });
});

it("knows what may go wrong at the start", () => {
  const options = readCommand(["--port", "80", "--host", "192.0.2.1"]);
  if (options.kind !== "run") throw new Error("unreachable");
  const problem = (code: string) => startProblem(Object.assign(new Error("what the system says"), { code }), options);
  expect(problem("EACCES")).toMatch(/may not listen on port 80/);
  expect(problem("EADDRNOTAVAIL")).toMatch(/no address 192\.0\.2\.1/);
  expect(problem("ENOENT")).toMatch(/could not start: what the system says/);
});
