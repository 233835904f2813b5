/** What was decided about a notification, in the words of the API. Pure. */
import type { Deferral, RouteDecision, RouteEvaluation, Withheld } from "@tocsin/core";
import type { z } from "zod";
import type { routeDecision } from "./contract/route.ts";
import { iso } from "./contract/shared.ts";

type DecisionJson = z.infer<typeof routeDecision>;

export function decisionToJson({
  to,
  deferred,
  quietly = [],
  because,
  withheld,
  evaluations,
}: RouteDecision): DecisionJson {
  return {
    to: [...to],
    deferred: deferred.map(deferralToJson),
    quietly: quietly.map(deferralToJson),
    because,
    withheld: withheld && withheldToJson(withheld),
    evaluations: evaluations.map(evaluationToJson),
  };
}

function deferralToJson({ destination, until, by }: Deferral): DecisionJson["deferred"][number] {
  return { channel: destination, until: iso(until), by };
}

function withheldToJson(withheld: Withheld): DecisionJson["withheld"] {
  switch (withheld.by) {
    case "silence":
      return { by: "silence", what: withheld.id, until: iso(withheld.until) };
    case "maintenance":
      return { by: "maintenance", what: withheld.name, until: iso(withheld.until) };
    case "inhibition":
      return { by: "inhibition", what: withheld.source, until: null };
  }
}

function evaluationToJson(evaluation: RouteEvaluation): DecisionJson["evaluations"][number] {
  return {
    route: evaluation.route,
    verdict: evaluation.verdict,
    to: "to" in evaluation ? [...evaluation.to] : [],
    until: "until" in evaluation ? iso(evaluation.until) : null,
    matcher: "matcher" in evaluation ? evaluation.matcher : null,
  };
}
