/** What a health tracker offers to programs. */
import type { AlertDesk } from "../alert/desk.ts";
import type { ComponentStatus } from "./component.ts";
import type { ComponentOptions } from "./options.ts";

/** Tells of the components of one program. No method throws, and none but {@link stopping} has to be waited for. */
export interface HealthTracker {
  /** Its name. */
  readonly program: string;
  recordSuccess(component: string): void;
  /** @param error anything that was thrown, or a text */
  recordFailure(component: string, error?: unknown): void;
  /**
   * The same function, reporting what becomes of each call. Its result and its error pass through.
   *
   * @example
   * const fetchWeather = health.watch("Weather API", () => fetch(url));
   */
  watch<Args extends readonly unknown[], Result>(
    component: string,
    call: (...args: Args) => Result | PromiseLike<Result>,
  ): (...args: Args) => Promise<Result>;
  /** Of every component, those of the configuration first. Nothing when monitoring is off. */
  status(): readonly ComponentStatus[];
  /**
   * Where people act on its alerts: from now on they are told with what can be done about them, which a bot shows as buttons.
   * An alert's key is that of its notifications.
   */
  desk(): AlertDesk;
  /** `null` for one that has not been heard of. */
  statusOf(component: string): ComponentStatus | null;
  /**
   * Other settings for a component from now on; what they leave out is as in `defaults`. Makes it known when nobody has heard of it.
   *
   * @throws ConfigError `CONFIG_HEALTH`, naming each bad setting
   */
  configure(component: string, options: ComponentOptions): void;
  /** As if it had never been heard of. Nothing is told of that. */
  forget(component: string): void;
  /** Tells that the program has begun. Secrets in the configuration are masked. */
  started(config?: unknown): void;
  /** Tells something that is worth a look and no failure of a component. */
  warning(title: string, detail?: string): void;
  /** Tells that the program ends, and tracks nothing more. Resolves when that is told, at the latest after 2 s. Never rejects. */
  stopping(reason?: string): Promise<void>;
}
