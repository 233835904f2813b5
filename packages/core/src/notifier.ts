/**
 * The door that applications use: `createNotifier()`.
 *
 * Mistakes of the programmer (an option out of range) throw here, at construction. Mistakes of the environment, and everything
 * that happens later, never throw: they are logged, listed in `problems`, and told in results.
 */
import type { Notifier } from "./notifier/api.ts";
import { LocalNotifier } from "./notifier/local-notifier.ts";
import { checkOptionTypes } from "./notifier/option-types.ts";
import type { NotifierOptions } from "./notifier/options.ts";
import { defineNotifierOptions } from "./notifier/settings.ts";
import { createThreadNotifier } from "./thread/thread-notifier.ts";

/**
 * Makes a notifier from options and environment; options win.
 *
 * @throws {@link ConfigError} when an option is unknown, of the wrong kind or out of its range; all mistakes of a kind are named at once.
 *
 * @example
 * const notifier = createNotifier();
 * notifier.notify({ type: "error", title: "Import failed", message: "a.csv is empty", fields: { file: "a.csv" } });
 * await notifier.close();
 */
export function createNotifier(options: NotifierOptions = {}): Notifier {
  checkOptionTypes(options);
  return options.thread ? createThreadNotifier(options) : new LocalNotifier(defineNotifierOptions(options));
}
