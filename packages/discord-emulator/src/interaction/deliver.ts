/** Takes an interaction to its bot: over the gateway, or to the bot's own address when it has one. */
import type { Gateway } from "../gateway/gateway.ts";
import type { Answer } from "../http/answer.ts";
import type { Clock } from "../time/clock.ts";
import type { Workshop } from "../workshop.ts";
import type { Application } from "../world/society.ts";
import { answerInteraction } from "./callback.ts";
import { postSigned } from "./endpoint.ts";
import type { Interaction } from "./interaction.ts";
import { toApiInteraction } from "./payload.ts";

export interface DeliveryParts {
  readonly gateway: Pick<Gateway, "tell">;
  readonly workshop: Workshop;
  readonly clock: Clock;
}

/** The bot answers later, through the callback route. */
const ACCEPTED = 202;

export function createDelivery({ gateway, workshop, clock }: DeliveryParts): (interaction: Interaction) => void {
  return (interaction) => {
    const payload = toApiInteraction(interaction, workshop.world);
    const application = workshop.world.applications.get(interaction.applicationId)!;
    const url = application.interactionsUrl;
    // Without a session nobody hears it, and three seconds later it has failed: as at Discord.
    if (url === null) gateway.tell(application.id, "INTERACTION_CREATE", payload);
    else void post(interaction, { application, url, payload }, { workshop, clock });
  };
}

interface Shipment {
  readonly application: Application;
  readonly url: string;
  readonly payload: unknown;
}

async function post(
  interaction: Interaction,
  { application, url, payload }: Shipment,
  { workshop, clock }: Pick<DeliveryParts, "workshop" | "clock">,
): Promise<void> {
  const answer = await postSigned({ application, url, payload, now: clock.now() });
  if (answer.kind === "unreachable") {
    workshop.desk.fail(interaction, `The endpoint did not answer: ${answer.reason}`);
    return;
  }
  if (answer.status === ACCEPTED) return;
  if (answer.status !== 200) {
    workshop.desk.fail(interaction, `The endpoint answered ${answer.status}.`);
    return;
  }
  const taken = answerInteraction(interaction, { value: answer.value, files: [], now: clock.now() }, workshop);
  if (taken.kind !== "answered") workshop.desk.fail(interaction, `The endpoint's answer is refused: ${inWords(taken)}`);
}

function inWords(answer: Answer): string {
  if (answer.kind !== "problem") return answer.kind;
  const { message, errors = [] } = answer.problem;
  return [message, ...errors.map(({ path, message: about }) => `${path.join(".")}: ${about}`)].join(" ");
}
