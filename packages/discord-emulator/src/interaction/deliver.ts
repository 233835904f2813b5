/** Takes an interaction to its bot: over the gateway, or to the bot's own address when it has one. */
import type { Gateway } from "../gateway/gateway.ts";
import type { Workshop } from "../workshop.ts";
import type { Interaction } from "./interaction.ts";
import { toApiInteraction } from "./payload.ts";

export function createDelivery(gateway: Pick<Gateway, "tell">, workshop: Workshop): (interaction: Interaction) => void {
  return (interaction) => {
    // Without a session nobody hears it, and three seconds later it has failed: as at Discord.
    gateway.tell(interaction.applicationId, "INTERACTION_CREATE", toApiInteraction(interaction, workshop.world));
  };
}
