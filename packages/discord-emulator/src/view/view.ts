/** What the emulator serves beside the API: the page, its live data, its orders, and uploaded files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "../http/body.ts";
import type { People } from "../people.ts";
import type { Machinery } from "../pipeline.ts";
import type { Remote } from "../remote.ts";
import type { Clock } from "../time/clock.ts";
import { act, presetOf } from "./actions.ts";
import { serveFile } from "./files.ts";
import { objectionTo } from "./guard.ts";
import { createLive } from "./live.ts";
import { type FoundPage, findPage } from "./page.ts";
import { actAs, isPersonal } from "./person-actions.ts";
import type { ActionResult, ShownBot, Surroundings } from "./protocol.ts";

export interface ViewParts {
  readonly remote: Remote & People;
  readonly machinery: Machinery;
  readonly clock: Clock;
  readonly guildName: string;
  readonly host: string;
}

export interface View {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly close: () => void;
}

/** The page loads nothing from elsewhere: pictures on other hosts are shown as placeholders. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const ACTION_BYTES_MAX = 10_000;

export function createView({ remote, machinery, clock, guildName, host }: ViewParts): View {
  const { world, guard, faults, strict, publicUrl } = machinery;
  const live = createLive({ remote, surroundings });
  let page: Promise<FoundPage> | null = null;

  function surroundings(): Surroundings {
    return {
      guildName,
      url: publicUrl(),
      isStrict: strict,
      channels: remote.channels(),
      threads: remote.threads(),
      directs: [...world.directs.values()],
      webhooks: remote.webhooks(),
      people: [...world.users.values()].filter(({ isBot }) => !isBot),
      roles: [...world.roles.values()],
      bots: shownBots(remote),
      commands: [...world.commands.values()],
      isBanning: guard.isBanning(clock.now()),
      faults: faults.size(),
      limits: presetOf(remote.limits()),
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url!.split("?", 1)[0]!;
    const objection = objectionTo(request.headers, host);
    if (objection !== null) return say(response, 403, objection);
    if (path.startsWith("/attachments/")) return serveFile(path, response, world.files);
    if (path === "/_emulator/events") return live.join(response);
    if (path === "/_emulator/actions") return obey(request, response);
    page ??= findPage();
    const found = await page;
    if (found.kind === "missing") {
      // Whoever builds it now need not start again.
      page = null;
      return say(response, 503, found.reason);
    }
    const file = await found.file(path);
    if (file === null) return say(response, 404, `There is nothing at ${path}. The page is at /, the API under /api.`);
    response.writeHead(200, {
      "Content-Type": file.contentType,
      "Cache-Control": path === "/" ? "no-cache" : "public, max-age=31536000, immutable",
      "Content-Security-Policy": POLICY,
      "X-Content-Type-Options": "nosniff",
    });
    response.end(file.bytes);
  }

  async function obey(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A form of another site cannot send this type without asking first, and it would be told no.
    if (request.method !== "POST" || request.headers["content-type"] !== "application/json") {
      return say(response, 415, "Orders come as POST with Content-Type: application/json.");
    }
    const body = await readBody(request, ACTION_BYTES_MAX);
    if (body.kind !== "body") return say(response, 400, "The order is too long.");
    const wanted = parse(body.bytes);
    if (isPersonal(wanted)) return answer(response, await actAs(wanted, remote, machinery.desk));
    const problem = act(wanted, remote);
    if (problem !== null) return say(response, 400, problem);
    response.writeHead(204).end();
  }

  return {
    handle: (request, response) => {
      serve(request, response).catch((error) => say(response, 500, `The emulator's page has failed: ${error}`));
    },
    close: live.close,
  };
}

function answer(response: ServerResponse, result: ActionResult | { readonly kind: "wrong"; readonly reason: string }) {
  if (result.kind === "wrong") return say(response, 400, result.reason);
  response.writeHead(200, { "Content-Type": "application/json" });
  response.end(JSON.stringify(result));
}

function say(response: ServerResponse, status: number, text: string): void {
  if (!response.headersSent) response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

function shownBots(remote: People): ShownBot[] {
  const online = new Set(remote.gateway.sessions().flatMap((one) => (one.isConnected ? [one.applicationId] : [])));
  return remote.bots().map(({ id, name }) => ({ id, name, isOnline: online.has(id) }));
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}
