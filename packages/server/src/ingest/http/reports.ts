/** The HTTP twins of the MQTT topics. They answer when what they took is committed. */
import { z } from "zod";
import { storageUnavailable } from "../../greenhouse/errors.ts";
import type { Intake, Report, Verdict } from "../../greenhouse/intake.ts";
import type { Journal } from "../../greenhouse/journal.ts";
import { telemetryBody, telemetryResult } from "../../http/contract/greenhouse.ts";
import { failures } from "../../http/contract/shared.ts";
import { PROBLEMS, ProblemError } from "../../http/problems.ts";
import type { Http } from "../../http/server.ts";
import type { IntakeCounters } from "../../observe/intake-counters.ts";

export interface ReportRoutesOptions {
  readonly intake: Intake;
  readonly journal: Journal;
  readonly counters: IntakeCounters;
}

type Accepted = Extract<Verdict, { accepted: true }>;

const params = z.object({ id: z.string() });

export function reportRoutes(http: Http, { intake, journal, counters }: ReportRoutesOptions): void {
  const tags = ["devices"];

  async function take(report: Report): Promise<Accepted> {
    if (journal.failing) throw storageUnavailable();
    const verdict = intake.take(report);
    counters.verdict({ deviceId: report.deviceId, transport: "http" }, verdict);
    if (!verdict.accepted) throw refusal(report, verdict);
    await journal.committed();
    return verdict;
  }

  const telemetry = { tags, params, body: telemetryBody, response: { 200: telemetryResult, ...failures } };
  http.post("/api/devices/:id/telemetry", { schema: telemetry }, async (request) => {
    const { metrics, refused } = await take({
      deviceId: request.params.id,
      kind: "telemetry",
      payload: { json: request.body },
    });
    return { accepted: metrics.length, refused: [...refused] };
  });

  const heartbeat = { tags, params, body: z.unknown().optional(), response: { 204: z.null(), ...failures } };
  http.post("/api/devices/:id/heartbeat", { schema: heartbeat }, async (request, reply) => {
    await take({ deviceId: request.params.id, kind: "heartbeat", payload: { json: request.body } });
    return reply.code(204).send(null);
  });
}

function refusal({ deviceId }: Report, { reason, refused }: Extract<Verdict, { accepted: false }>): ProblemError {
  const { title } = PROBLEMS[reason];
  const details = refused.map(({ metric, reason: why }) => ({
    path: metric === null ? "" : `/${metric}`,
    message: PROBLEMS[why].title,
  }));
  if (reason === "unknown-device") {
    return new ProblemError(reason, `There is no device ${deviceId}. Register it with POST /api/devices.`);
  }
  return new ProblemError(reason, `${title}. Send an object of numbers, e.g. {"soil_moisture": 41.5}.`, details);
}
