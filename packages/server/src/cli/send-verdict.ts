/** What `tocsin send` says of a notification that did not arrive: one sentence, with what to do. Pure. */
import type { AttemptError } from "@tocsin/core";
import type { DeliveryResult } from "@tocsin/core/stages";

export interface Undelivered {
  readonly result: DeliveryResult;
  /** Mistakes of the configuration. */
  readonly problems: readonly string[];
  /** What the last attempt met with. */
  readonly lastError: Pick<AttemptError, "message"> | null;
  /** After which it was given up. */
  readonly timeoutSeconds: number;
}

export function whyNotSent({ result, problems, lastError, timeoutSeconds }: Undelivered): string {
  const { reason, error, status } = result;
  const said = error ?? status;
  switch (reason) {
    case "no-destination":
      return problems.length === 0 ? said : problems.join("; ");
    case "closed":
      return `not taken within ${timeoutSeconds} s: ${lastError?.message ?? "no answer came."} Raise --timeout, or send it again later`;
    case "destination-disabled":
      return `${said} Its URL stands in ${variablesOf(result)}`;
    default:
      return said;
  }
}

/** In which the destinations stand that do not work. */
function variablesOf({ destinations }: DeliveryResult): string {
  const failed = destinations.filter(({ status }) => status === "failed");
  return failed.map(({ destination }) => variableOf(destination)).join(" and ");
}

function variableOf(destination: string): string {
  if (destination === "default") return "DISCORD_WEBHOOK_URL";
  const name = destination === "error" ? "errors" : destination;
  return `DISCORD_WEBHOOK_${name.toUpperCase().replaceAll("-", "_")}`;
}
