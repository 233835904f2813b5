/** The e-mail channel as applications make it. No type of nodemailer is named here, so that nobody needs it to compile. */
import { createSystemClock } from "../../clock/system-clock.ts";
import type { Channel } from "../../delivery/channel.ts";
import { ConfigError } from "../../errors/config-error.ts";
import { openEmailChannel } from "./email-channel.ts";
import { type EmailChannelOptions, emailSettings } from "./settings.ts";

export type { EmailChannelOptions } from "./settings.ts";

/**
 * A channel that sends mail. It needs the package nodemailer, which is loaded with the first mail and not before.
 *
 * @throws {@link ConfigError} `CONFIG_EMAIL_CHANNEL`, naming each mistake.
 *
 * @example
 * createEmailChannel({ smtpUrl: "smtps://user:password@mail.example.org", from: "alerts@example.org", to: "ops@example.org" });
 */
export function createEmailChannel(options: EmailChannelOptions): Channel {
  const parsed = emailSettings(options);
  if (parsed.ok) return openEmailChannel({ settings: parsed.settings, clock: createSystemClock() });
  throw new ConfigError(
    "CONFIG_EMAIL_CHANNEL",
    parsed.problems.map((problem) => `the e-mail channel ${problem}`),
  );
}
