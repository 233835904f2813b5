/** `tocsin channels`: the destinations from the command line. They are the running server's: no file knows them. */
import type { z } from "zod";
import type { channel, channelCheck, channelList } from "../http/contract/channel.ts";
import { type AskingOptions, asking, printJson } from "./asking.ts";
import { ASKED_EXIT, type ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { expiryOf, type OrderFlags } from "./order.ts";
import { printable, table, time } from "./table.ts";

type Channel = z.infer<typeof channel>;
type Channels = z.infer<typeof channelList>;
type Check = z.infer<typeof channelCheck>;

export interface PauseOptions extends AskingOptions, OrderFlags {}

const PATH = "/api/channels";

export async function listChannels(options: AskingOptions, io: Io): Promise<ExitCode> {
  const channels = await asking(options, io, { ask: (api) => api.get<Channels>(PATH) });
  show(channels, options, io);
  return ASKED_EXIT.done;
}

/** One, or all when none is named. */
export async function pauseChannels(name: string | undefined, options: PauseOptions, io: Io): Promise<ExitCode> {
  const body = { ...expiryOf(options), by: options.by ?? null, reason: options.reason ?? null };
  return order(name, { ...options, path: `${pathOf(name)}/pause`, body }, io);
}

export async function resumeChannels(name: string | undefined, options: AskingOptions, io: Io): Promise<ExitCode> {
  return order(name, { ...options, path: `${pathOf(name)}/resume`, body: {} }, io);
}

export async function testChannel(name: string, options: AskingOptions, io: Io): Promise<ExitCode> {
  const check = await asking(options, io, { ask: (api) => api.post<Check>(`${pathOf(name)}/test`) });
  if (options.json) printJson(io, check);
  else if (check.usable) io.out(`${printable(name)} is usable: ${printable(check.detail ?? "")}\n`);
  else io.out(`${printable(name)} is not usable: ${printable(check.error?.message ?? "")} (${check.error?.code})\n`);
  return check.usable ? ASKED_EXIT.done : ASKED_EXIT.refused;
}

interface Order extends AskingOptions {
  readonly path: string;
  readonly body: object;
}

async function order(name: string | undefined, { path, body, ...options }: Order, io: Io): Promise<ExitCode> {
  const ask = async (answer: unknown): Promise<Channels> =>
    name === undefined ? (answer as Channels) : { pause: null, items: [answer as Channel] };
  const channels = await asking(options, io, { ask: (api) => api.post(path, body).then(ask) });
  show(channels, options, io);
  return ASKED_EXIT.done;
}

function pathOf(name: string | undefined): string {
  return name === undefined ? PATH : `${PATH}/${encodeURIComponent(name)}`;
}

function show(channels: Channels, { json }: AskingOptions, io: Io): void {
  if (json) return printJson(io, channels);
  if (channels.items.length === 0) return io.out("No channel is configured.\n");
  io.out(table(["NAME", "KIND", "STATE", "WAITING", "WHICH", "WHY"], channels.items.map(rowOf)));
}

function rowOf({
  name,
  kind,
  label,
  mode,
  pause,
  waiting,
  error,
  wait,
  breaker,
  last_error: last,
}: Channel): readonly string[] {
  const row = (state: string, why: string) => [name, kind, state, String(waiting), label, why];
  if (mode === "disabled") return row(mode, error?.message ?? "");
  if (pause !== null) return row("paused", said(pause));
  // While the breaker is open nothing goes there, whether or not something waits just now.
  if (breaker === "open") return row(mode, `does not answer: ${last?.message ?? wait?.because ?? ""}`);
  return row(mode, wait?.because ?? "");
}

function said({ of, until, by, reason }: NonNullable<Channel["pause"]>): string {
  return [
    of === "all" ? "all are" : "",
    until === null ? "until resumed" : `until ${time(until)}`,
    by === null ? "" : `by ${by}`,
    reason === null ? "" : `(${reason})`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}
