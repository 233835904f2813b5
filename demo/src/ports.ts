/** Which port to listen on: the usual one, or any free one where that is taken. */
import { createServer } from "node:net";

export interface PortChoice {
  /** 0 for any free one. */
  readonly port: number;
  /** The usual one is in use by something else. */
  readonly taken: boolean;
}

export const USUAL_PORTS = { emulator: 8090, http: 8000, mqtt: 1883 } as const;

/** Tries out whether `usual` can be had on this machine's own address. */
export async function choosePort(usual: number, { anyFree }: { readonly anyFree: boolean }): Promise<PortChoice> {
  if (anyFree) return { port: 0, taken: false };
  const taken = !(await canListen(usual));
  return { port: taken ? 0 : usual, taken };
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
