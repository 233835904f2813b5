/**
 * What presets need of a notifier. The notifier is assembled after all stages, so its users among them name what they use.
 *
 * Downstream the presets.
 */
import type { NotificationInput } from "../notification/notification.ts";

export interface Sender {
  /** Waits for what becomes of a notification. Never rejects. */
  send(input: NotificationInput): Promise<{ readonly success: boolean }>;
}

/** True when Discord took it; false for every other reason, notifications being off included. Never rejects. */
export async function sent(sender: Sender, make: () => NotificationInput): Promise<boolean> {
  try {
    return (await sender.send(make())).success;
  } catch {
    // What an application passed in could not be read, a getter that throws, say: it must not bring the application down.
    return false;
  }
}
