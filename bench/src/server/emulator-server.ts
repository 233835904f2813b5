/** Discord emulators in a process of their own, each on its own port. */
import { type Emulator, type Fault, type Limits, startEmulator } from "@tocsin/discord-emulator";
import { answerCalls } from "../child/answer-calls.ts";
import { numberIn } from "../message.ts";

export interface EmulatorWanted {
  readonly limits: Partial<Limits>;
  readonly webhooks: number;
  readonly fault?: Fault;
}

export interface StartedEmulator {
  /** Names it in later calls. */
  readonly id: number;
  /** Version 10, one for each webhook, each in a channel of its own. */
  readonly urls: readonly string[];
}

export interface EmulatorReport {
  readonly refusals: number;
  readonly faults: number;
  /** Messages stored, of all webhooks. */
  readonly messages: number;
  /** For each webhook the numbers in its messages, embed by embed, in the order in which they were stored. */
  readonly stored: readonly (readonly number[])[];
  /** From the arrival of the first request to that of the last. */
  readonly spanMs: number;
}

const emulators: Emulator[] = [];

export const emulatorCalls = {
  async start({ limits, webhooks, fault }: EmulatorWanted): Promise<StartedEmulator> {
    const emulator = await startEmulator({ limits });
    const urls = Array.from({ length: webhooks }, (_, index) => {
      const { url } = emulator.createWebhook({ channel: emulator.createChannel({ name: `alerts-${index}` }) });
      return url.replace("/api/", "/api/v10/");
    });
    if (fault !== undefined) emulator.faults.add(fault);
    return { id: emulators.push(emulator) - 1, urls };
  },
  /** Of each message that the first webhook has stored: its embeds' titles, and the texts of its files. */
  async shown({ id }: { readonly id: number }): Promise<{ readonly titles: string[]; readonly files: string[] }[]> {
    const emulator = emulators[id]!;
    const messages = emulator.messages(emulator.webhooks()[0]!);
    return Promise.all(
      messages.map(async ({ embeds, attachments }) => ({
        titles: embeds.map(({ title }) => title ?? ""),
        files: await Promise.all(attachments.map(async ({ url }) => (await fetch(url)).text())),
      })),
    );
  },
  async stop({ id }: { readonly id: number }): Promise<EmulatorReport> {
    const emulator = emulators[id]!;
    await emulator.close();
    const { byStatus, faults } = emulator.counters();
    const requests = emulator.requests();
    const messages = emulator.webhooks().map((webhook) => emulator.messages(webhook));
    return {
      refusals: byStatus[429] ?? 0,
      faults,
      messages: messages.flat().length,
      stored: messages.map((ofOne) => ofOne.flatMap(({ embeds }) => embeds.map(({ title }) => numberIn(title)))),
      spanMs: (requests.at(-1)?.receivedAt ?? 0) - (requests[0]?.receivedAt ?? 0),
    };
  },
};

answerCalls(emulatorCalls);
