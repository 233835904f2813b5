/** The HTTP server: everything that holds for every route. The routes are in the files beside it. */

import type { IncomingMessage, ServerResponse } from "node:http";
import helmet from "@fastify/helmet";
import swagger from "@fastify/swagger";
import type { Clock } from "@tocsin/core/stages";
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController, type RawServerDefault } from "fastify";
import { jsonSchemaTransform, serializerCompiler, type ZodTypeProvider } from "fastify-type-provider-zod";
import { installDrain } from "./drain.ts";
import { installHostGuard } from "./host-guard.ts";
import { checkInput } from "./input.ts";
import { watchMethods } from "./methods.ts";
import { describeInterface } from "./openapi.ts";
import { answerError, installProblems } from "./problems.ts";

export type Http = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Ten times what any body needs. */
const MAX_BODY_BYTES = 64 * 1_024;
const REQUEST_TIMEOUT_MS = 30_000;

export interface HttpOptions {
  readonly logger: FastifyBaseLogger;
  readonly clock: Clock;
  readonly version: string;
  readonly routes: (http: Http) => void;
}

export async function createHttp({ logger, clock, version, routes }: HttpOptions): Promise<Http> {
  const http = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // It would be no problem of ours; the drain answers.
    return503OnClosing: false,
    // Paths that cannot be read do not come as far as the error handler.
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
  }).withTypeProvider<ZodTypeProvider>();
  http.setValidatorCompiler(checkInput);
  http.setSerializerCompiler(serializerCompiler);
  takeJson(http);
  installProblems(http);
  installDrain(http, clock);
  installHostGuard(http);
  await http.register(helmet);
  await http.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Tocsin",
        version,
        description: "Devices and services in, alerts out. Errors are RFC 9457 problems.",
      },
    },
    transform: jsonSchemaTransform,
    transformObject: describeInterface,
  });
  http.after(() => {
    const answerOtherMethods = watchMethods(http);
    routes(http);
    http.get("/openapi.json", { schema: { hide: true } }, async () => http.swagger());
    answerOtherMethods();
  });
  await http.ready();
  return http;
}

/** JSON is all that is taken. `POST` without a body is a way to say "nothing special", whatever the client's library puts into the header. */
function takeJson(http: Http): void {
  const parse = http.getDefaultJsonParser("error", "error");
  http.removeAllContentTypeParsers();
  http.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, String(body), done);
  });
}
