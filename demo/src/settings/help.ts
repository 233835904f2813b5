/** What `--help` says. */
import { SHORTEST_RUN_MS } from "./options.ts";

export const HELP = `Usage: npm run demo [-- options]

Starts an emulated Discord, the Tocsin server with its MQTT broker and a database of its own, devices that replay
measured weather, and a web shop that uses the library. Nothing leaves this machine; Ctrl-C ends all of it.

  --for <duration>   end by itself after 60s, 90, 2m, … (from ${SHORTEST_RUN_MS / 1_000}s) with a summary; a run shorter than a minute
                     shows the same, faster. Exit code 0 when all that was expected has arrived, else 1
  --speed <measured> how much measured time passes in a second: 12h, 1d, 3d, … (default 1d)
  --free-ports       take any free ports, even where 8000, 1883 and 8090 are free
  --no-color         no colours; the variable NO_COLOR does the same
  -h, --help         this text
`;
