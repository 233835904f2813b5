/** What the emulator serves beside the API: the page, its live data, and uploaded files. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Machinery } from "../pipeline.ts";
import type { Remote } from "../remote.ts";
import type { Clock } from "../time/clock.ts";

export interface ViewParts {
  readonly remote: Remote;
  readonly machinery: Machinery;
  readonly clock: Clock;
  readonly guildName: string;
}

export interface View {
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  readonly close: () => void;
}

export function createView({ machinery }: ViewParts): View {
  return {
    handle: (request, response) => {
      const file = machinery.world.files.get(request.url!.split("/")[3] ?? "");
      response.writeHead(file === undefined ? 404 : 200).end(file?.bytes);
    },
    close: () => {},
  };
}
