/** `tocsin send`: one notification from the command line, with an exit code that says what became of it. */
import { type AttemptError, createNotifier, type Logger } from "@tocsin/core";
import type { NotificationId, NotificationInput } from "@tocsin/core/stages";
import { createIdSource, createSystemClock, normaliseNotification, renderDiscord } from "@tocsin/core/stages";
import { redactSecrets } from "../observe/logger.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { readSendInput, type SendFlags } from "./send-input.ts";
import { whyNotSent } from "./send-verdict.ts";

export interface SendOptions extends SendFlags {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  /** Seconds. */
  readonly timeout: number;
}

const MILLISECONDS = 1_000;

/** @throws UsageError; ConfigError of the library */
export async function send(
  { json = false, dryRun = false, timeout, ...flags }: SendOptions,
  io: Io,
): Promise<ExitCode> {
  const input = await readSendInput(flags, io);
  if (dryRun) return showPayload(input, io);
  // Asking the webhook beforehand whether it works would only delay the message, which asks the same.
  const log = createPatientLog(io);
  let lastError: AttemptError | null = null;
  const notifier = createNotifier({
    ...{ env: io.env, logger: log.logger, validateOnStart: false },
    onEvent: (event) => {
      if (event.type === "attempt") lastError = event.error;
    },
  });
  const receipt = notifier.notify(input);
  await notifier.close({ timeoutMs: timeout * MILLISECONDS });
  const result = await receipt.settled;
  if (json) io.out(`${JSON.stringify(result)}\n`);
  if (result.success) log.tell();
  else {
    const why = whyNotSent({ result, problems: notifier.problems, lastError, timeoutSeconds: timeout });
    io.err(`tocsin: not sent: ${redactSecrets(why).replace(/\.$/, "")}.\n`);
  }
  const isMisconfigured = result.reason === "no-destination" && notifier.problems.length > 0;
  return isMisconfigured ? EXIT.usage : exitCodeOf(result);
}

/** What would be posted, as Discord would get it. */
function showPayload(input: NotificationInput, { out }: Io): ExitCode {
  const clock = createSystemClock();
  const id = createIdSource<NotificationId>("ntf", clock)();
  const notification = normaliseNotification(input, { id, now: clock.now() });
  const style = { service: "Tocsin", username: null, avatarUrl: null };
  const { body, files } = renderDiscord({ notifications: [notification], degrade: [] }, style);
  const attached = files.map(({ name, data }) => ({ name, bytes: data.byteLength }));
  out(`${JSON.stringify({ ...body, ...(files.length > 0 && { files: attached }) }, null, 2)}\n`);
  return EXIT.delivered;
}

/**
 * Keeps what the notifier has to say until it is known how all ends: of a failure one line is told, which says what all the others say. With
 * `LOG_LEVEL=info` or `debug` everything is written at once. Standard output is for results alone.
 */
function createPatientLog({ env, err }: Io): { readonly logger: Logger; tell(): void } {
  const isTalkative = ["debug", "info"].includes(env["LOG_LEVEL"]?.toLowerCase() ?? "");
  const kept: string[] = [];
  const write = (message: string): void => err(`tocsin: ${redactSecrets(message)}\n`);
  const quiet = (message: string): void => {
    if (isTalkative) write(message);
  };
  const patient = (message: string): void => {
    if (isTalkative) write(message);
    else kept.push(message);
  };
  return {
    logger: { debug: quiet, info: quiet, warn: patient, error: patient },
    tell: () => kept.forEach(write),
  };
}
