/** What every handler may work with. */
import type { Nonces } from "./bot/nonces.ts";
import type { Starts } from "./gateway/starts.ts";
import type { Desk } from "./interaction/desk.ts";
import type { Limiter } from "./limit/limiter.ts";
import type { Events } from "./observe/events.ts";
import type { Violations } from "./observe/violations.ts";
import type { World } from "./world/world.ts";

export interface Workshop {
  readonly world: World;
  readonly events: Events;
  readonly limiter: Limiter;
  readonly violations: Violations;
  /** What the server is called. */
  readonly guildName: string;
  /** How often bots may identify, and have. */
  readonly starts: Starts;
  readonly nonces: Nonces;
  /** The interactions that are under way. */
  readonly desk: Desk;
  /** Refuse messages that leave `allowed_mentions` to Discord's defaults. */
  readonly strict: boolean;
  /** Where the emulator is reached, without a slash at the end. */
  readonly publicUrl: () => string;
}
