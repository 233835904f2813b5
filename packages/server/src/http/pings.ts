/**
 * `/ping/{uuid}`: how jobs report, in the form that crontabs know from other services: by `GET`, `HEAD` or `POST`, the path saying what
 * happened and the body, of whatever type, what the job had to say.
 */
import { redactText } from "@tocsin/core/stages";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Ping } from "../checks/check.ts";
import type { Checks } from "../checks/checks.ts";
import { notFound } from "./checks.ts";
import { failures } from "./contract/shared.ts";
import type { Http } from "./server.ts";

/** The end of a job's output tells why it failed; with what is said before it, more would not fit into a message. */
const MAX_OUTPUT_CHARS = 900;
/** Of what is posted, the end that is looked at; a job that says more has reported all the same. */
const KEPT_BYTES = 100_000;
const MAX_EXIT_STATUS = 255;

const ok = z.string().meta({ description: "`OK`" });
const id = z.uuid().transform((text) => text.toLowerCase());
const signal = z
  .union([
    z.enum(["start", "fail"]),
    z.string().refine((text) => /^\d{1,3}$/.test(text) && Number(text) <= MAX_EXIT_STATUS, {
      error: `must be start, fail or an exit status from 0 to ${MAX_EXIT_STATUS}`,
    }),
  ])
  .meta({ description: "`start`, `fail`, or the exit status of the job: 0 is a success, everything else a failure." });

export function pingRoutes(http: Http, { checks }: { readonly checks: Pick<Checks, "ping"> }): void {
  // A scope of its own, because everywhere else only JSON is taken.
  void http.register((scope, _options, done) => {
    takeAnything(scope);
    const typed = scope.withTypeProvider<ZodTypeProvider>();

    async function report(check: string, said: string | undefined, body: unknown): Promise<string> {
      // Masked while it is whole: half a secret cannot be recognised.
      const output = typeof body === "string" ? redactText(body).slice(-MAX_OUTPUT_CHARS) : "";
      if ((await checks.ping(check, pingOf(said), output)) === null) notFound(check);
      return "OK";
    }

    const tags = ["pings"];
    const response = { 200: ok, ...failures };
    typed.route({
      method: ["GET", "HEAD", "POST"],
      url: "/ping/:id",
      schema: { tags, params: z.object({ id }), response },
      handler: ({ params, body }) => report(params.id, undefined, body),
    });
    typed.route({
      method: ["GET", "HEAD", "POST"],
      url: "/ping/:id/:signal",
      schema: { tags, params: z.object({ id, signal }), response },
      handler: ({ params, body }) => report(params.id, params.signal, body),
    });
    done();
  });
}

function takeAnything(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  // Whatever its length: a limit would turn the report away with it.
  scope.addContentTypeParser("*", (_request, payload, done) => {
    endOf(payload).then(
      (text) => done(null, text),
      (error: Error) => done(error),
    );
  });
}

async function endOf(payload: AsyncIterable<Buffer>): Promise<string> {
  let end: Buffer = Buffer.alloc(0);
  for await (const chunk of payload) {
    const both = Buffer.concat([end, chunk]);
    end = both.length > KEPT_BYTES ? Buffer.from(both.subarray(-KEPT_BYTES)) : both;
  }
  return end.toString("utf8");
}

function pingOf(said: string | undefined): Ping {
  if (said === undefined) return { kind: "success" };
  if (said === "start") return { kind: "start" };
  if (said === "fail") return { kind: "failure", exitStatus: null };
  const exitStatus = Number(said);
  return exitStatus === 0 ? { kind: "success" } : { kind: "failure", exitStatus };
}
