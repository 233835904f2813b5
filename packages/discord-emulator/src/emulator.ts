/** Puts the parts together and hands out the remote control. */
import { createNonces } from "./bot/nonces.ts";
import { createEdgeGuard } from "./edge/guard.ts";
import { createFaultBox } from "./fault/fault.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createStarts } from "./gateway/starts.ts";
import { createGatewayDoor } from "./gateway/wire.ts";
import { createDelivery } from "./interaction/deliver.ts";
import { createDesk } from "./interaction/desk.ts";
import { createLimiter } from "./limit/limiter.ts";
import { DEFAULT_LIMITS } from "./limit/limits.ts";
import { createEvents } from "./observe/events.ts";
import { createLedger } from "./observe/ledger.ts";
import { createRequestLog } from "./observe/request-log.ts";
import { createViolations } from "./observe/violations.ts";
import { type EmulatorOptions, fillOptions } from "./options.ts";
import { createPeople } from "./people/create-people.ts";
import { createRemote, type Emulator } from "./remote.ts";
import { startServer } from "./server.ts";
import { systemClock } from "./time/clock.ts";
import { createView } from "./view/view.ts";
import { createChance } from "./world/identity.ts";
import { createWorld } from "./world/world.ts";

/**
 * Starts an emulator with a server of its own and nothing in it.
 *
 * @throws RangeError for an option out of range, and the system's error when the port cannot be had.
 *
 * @example
 * const emulator = await startEmulator();
 * const channel = emulator.createChannel({ name: "alerts" });
 * const { url } = emulator.createWebhook({ channel });
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const filled = fillOptions(options);
  const clock = options.clock ?? systemClock;
  const limiter = createLimiter({ ...DEFAULT_LIMITS, ...options.limits });
  const guard = createEdgeGuard(limiter);
  const events = createEvents();
  const violations = createViolations(events);
  const books = { log: createRequestLog(filled.requestsKept), ledger: createLedger(), guard, events };
  const world = createWorld({ clock, ...filled });
  const faults = createFaultBox(createChance(filled.seed));
  let url = "";
  const starts = createStarts(filled.identifiesPerDay);
  const { guildName, strict } = filled;
  const desk = createDesk(clock);
  const nonces = createNonces();
  const tools = { world, events, limiter, violations, starts, desk, nonces };
  const workshop = { ...tools, guildName, strict, publicUrl: () => url };
  const machinery = { ...workshop, guard, faults };

  const gateway = createGateway({ world, events, clock, starts, guildName, publicUrl: () => url });
  const people = createPeople({ machinery, gateway, deliver: createDelivery({ gateway, workshop, clock }), clock });
  const remote = { ...createRemote({ machinery, books, clock, url: () => url }), ...people };
  const view = createView({ remote, machinery, clock, guildName, host: filled.host });
  const { upgrade, close: closeDoor } = createGatewayDoor(gateway);
  const server = await startServer({
    ...filled,
    tls: options.tls,
    clock,
    machinery,
    books,
    other: view.handle,
    upgrade,
  });
  url = server.url;
  return {
    ...remote,
    url,
    close: async () => {
      view.close();
      gateway.close();
      closeDoor();
      desk.close();
      await server.close();
    },
  };
}
