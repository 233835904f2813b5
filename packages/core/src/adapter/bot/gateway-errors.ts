/** What discord.js reports when a connection cannot be, and what to do about it. Pure. */

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
export const DISALLOWED_INTENTS = 4014;
const AUTHENTICATION_FAILED = 4004;
/** After these, another attempt gets the same answer. */
export const FATAL_CLOSE_CODES: ReadonlySet<number> = new Set([4004, 4010, 4011, 4012, 4013, 4014]);

export const WRONG_TOKEN =
  "Discord does not accept DISCORD_BOT_TOKEN: copy the token again from the application's page (Bot, Reset Token)";

export type LoginError =
  | { readonly kind: "passing"; readonly problem: string }
  | { readonly kind: "disallowed-intents"; readonly problem: string }
  | { readonly kind: "final"; readonly problem: string };

/** @param token taken out of whatever the error says */
export function classifyLoginError(error: unknown, token: string): LoginError {
  const { code, status, message } = (error ?? {}) as {
    readonly code?: unknown;
    readonly status?: unknown;
    readonly message?: unknown;
  };
  const text = String(message ?? error).replaceAll(token, "***");
  if (code === "TokenInvalid" || status === 401 || /authentication failed|invalid token/i.test(text)) {
    return { kind: "final", problem: WRONG_TOKEN };
  }
  if (/disallowed intents/i.test(text))
    return { kind: "disallowed-intents", problem: closeProblem(DISALLOWED_INTENTS) };
  if (/sharding is required/i.test(text)) return { kind: "final", problem: closeProblem(4011) };
  return { kind: "passing", problem: text };
}

export function closeProblem(code: number): string {
  switch (code) {
    case AUTHENTICATION_FAILED:
      return WRONG_TOKEN;
    case DISALLOWED_INTENTS:
      return "Discord refuses the intents: the bot needs none but Guilds and Guild Messages";
    case 4011:
      return "the bot is in too many servers for one connection: use one of its own for alerts";
    default:
      return `Discord has closed the connection for good (${code}): update discord.js`;
  }
}
