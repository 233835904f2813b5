/**
 * The demo as somebody starts it: a program of its own. What it promises: threshold, offline and application alerts arrive,
 * nothing is lost, it ends by itself or within 3 s of Ctrl-C, its exit code is true, and it leaves nothing behind.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");
const USUAL_PORTS = [8_090, 8_000, 1_883];
/** The story in 11 s, and 5 s for the last messages. */
const SHORT = ["--for", "16s", "--free-ports"];

interface Running extends Disposable {
  readonly child: ChildProcess;
  /** Its folder for temporary files. */
  readonly folder: string;
  /** Resolves with what it has printed once that matches. */
  printed(pattern: RegExp): Promise<string>;
  /** Exit code and all that was printed. */
  readonly ended: Promise<{ readonly code: number | null; readonly text: string }>;
}

function startDemo(args: readonly string[], settings: Readonly<Record<string, string>> = {}): Running {
  const folder = mkdtempSync(join(tmpdir(), "tocsin-acceptance-"));
  const program = ["--conditions=tocsin-source", "demo/src/main.ts", ...args];
  const env = { ...process.env, TMPDIR: folder, ...settings };
  const child = spawn(process.execPath, program, { cwd: ROOT, env });
  const changed = new EventTarget();
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      changed.dispatchEvent(new Event("change"));
    });
  }
  const ended = once(child, "close").then(([code]) => {
    changed.dispatchEvent(new Event("change"));
    return { code: code as number | null, text };
  });
  return {
    child,
    folder,
    ended,
    async printed(pattern) {
      while (!pattern.test(text)) {
        if (child.exitCode !== null) throw new Error(`It ended without printing ${pattern}:\n${text}`);
        await once(changed, "change");
      }
      return text;
    },
    [Symbol.dispose]() {
      child.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The ports that it says it listens on. */
function portsIn(text: string): number[] {
  const ports = [...text.matchAll(/(?:http|mqtt):\/\/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port));
  return [...new Set(ports)];
}

/** What it listened on and still does, and what it has not tidied up. */
async function leftBy({ folder }: Running, text: string): Promise<unknown[]> {
  const ports = portsIn(text);
  const open = await Promise.all(ports.map(isListening));
  return [...ports.filter((_, index) => open[index]), ...readdirSync(folder)];
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

describe.concurrent("npm run demo", () => {
  it("shows every kind of alert, loses nothing, says so, and ends by itself", async ({ expect }) => {
    // Settings of the caller's own concern neither its server nor its shop: a real webhook must never be used here.
    using demo = startDemo(SHORT, { DISCORD_NOTIFICATIONS_ENABLED: "false", MQTT_URL: "mqtt://127.0.0.1:9" });
    const { code, text } = await demo.ended;
    expect(text).toMatch(/^Tocsin demo: starting/);
    expect(text).toContain("1 s = 4 days of measurements");
    expect(text).toMatch(/-?\d+\.\d measured \(.+\) → #monitoring \(200\) .+: "Plant Alert: /);
    expect(text).toContain('→ #monitoring (200): "Device Offline", Device garden-new-york has gone offline');
    expect(text).toContain('→ #errors (200): "Import failed", orders.csv, line 4');
    expect(text).toContain('→ #errors (200): "Import recovered"');
    expect(text).toMatch(/→ #critical \(200\): .+pings those who are there/);
    expect(text).toContain("rather than provoke a refusal");
    expect(text).toContain("10 notices in one message");
    expect(text).toMatch(/25 notifications have become \d messages/);

    const readings = /sent over MQTT: ([\d,]+), acknowledged: ([\d,]+), stored: ([\d,]+)/;
    const [, sent = "", acknowledged, stored] = readings.exec(text) ?? [];
    expect(Number(sent.replace(",", ""))).toBeGreaterThan(1_000);
    expect([acknowledged, stored]).toEqual([sent, sent]);
    expect(text).toMatch(/threshold: [1-9]\d*, offline: [1-9]/);
    expect(text).toContain("429s: 0");
    expect(text).toContain("lost: 0, twice: 0");
    expect(text).toMatch(/All that was expected has arrived\.\n$/);
    // Not a terminal, so no colours.
    expect(text).not.toContain("\u001b");
    expect(code).toBe(0);
    expect(portsIn(text)).toHaveLength(3);
    expect(await leftBy(demo, text)).toEqual([]);
  });

  it.for([
    { signal: "SIGINT", when: /25 orders at once/ },
    { signal: "SIGTERM", when: /Web shop started/ },
  ] as const)("ends within 3 s of $signal, with a summary", async ({ signal, when }, { expect }) => {
    using demo = startDemo(SHORT);
    await demo.printed(when);
    const toldAt = performance.now();
    demo.child.kill(signal);
    const { code, text } = await demo.ended;
    expect(performance.now() - toldAt).toBeLessThan(3_000);
    expect(text).toContain("lost: 0, twice: 0");
    expect(code).toBe(0);
    expect(await leftBy(demo, text)).toEqual([]);
  });

  it("ends when it is told to before it has begun", async ({ expect }) => {
    using demo = startDemo(SHORT);
    await demo.printed(/^Tocsin demo/);
    demo.child.kill("SIGINT");
    const { code, text } = await demo.ended;
    expect(code).toBe(0);
    expect(await leftBy(demo, text)).toEqual([]);
  });

  it("fails, and says what is missing, when alerts do not arrive", async ({ expect }) => {
    using demo = startDemo(SHORT);
    const [, emulator] = /(http:\S+) {2}the emulated channels/.exec(await demo.printed(/Ctrl-C\n/)) ?? [];
    // An order that the emulator's page offers: Discord shuts this address out.
    const ban = { kind: "ban", shape: "cloudflare-1015-text", retryAfterSeconds: 600 };
    const headers = { "content-type": "application/json" };
    await fetch(`${emulator}/_emulator/actions`, { method: "POST", headers, body: JSON.stringify(ban) });
    const { code, text } = await demo.ended;
    expect(text).toContain("No threshold alert has arrived. No offline alert has arrived.");
    expect(text).toMatch(/lost: 0, twice: 0, not sent yet: [1-9]/);
    expect(code).toBe(1);
    expect(await leftBy(demo, text)).toEqual([]);
  });

  it("takes free ports where the usual ones are taken, and says so", async ({ expect }) => {
    const others = USUAL_PORTS.map((port) => createServer().listen(port, "127.0.0.1"));
    // Where something else has a port already, that will do as well.
    await Promise.all(others.map((server) => once(server, "listening").catch(() => undefined)));
    using demo = startDemo([]);
    const text = await demo.printed(/Ctrl-C\n/).finally(() => {
      for (const server of others) server.close();
    });
    expect(text).toContain("8090, 8000 and 1883 are in use by other programs, so free ones were taken");
    expect(portsIn(text).filter((port) => USUAL_PORTS.includes(port))).toEqual([]);
    demo.child.kill("SIGINT");
    expect(await leftBy(demo, (await demo.ended).text)).toEqual([]);
  });

  it("helps, and says what is wrong with an option", async ({ expect }) => {
    using help = startDemo(["--help"]);
    expect(await help.ended).toMatchObject({ code: 0, text: expect.stringMatching(/^Usage: npm run demo/) });
    using mistake = startDemo(["--for", "soon"]);
    expect(await mistake.ended).toMatchObject({
      code: 2,
      text: expect.stringMatching(/^demo: --for takes a duration/),
    });
  });
});
