/**
 * Discord's own error codes, as far as they change what follows, with a sentence for whoever has to act.
 *
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
 */

export type ApiCodeClass =
  | { readonly kind: "misconfigured"; readonly message: string }
  | { readonly kind: "unavailable"; readonly message: string }
  | { readonly kind: "rate-limited" }
  | { readonly kind: "rejected"; readonly message: string };

const RATE_LIMITED: ApiCodeClass = { kind: "rate-limited" };

const CLASSES: ReadonlyMap<number, ApiCodeClass> = new Map<number, ApiCodeClass>([
  // The destination: every message would fail until somebody acts.
  [
    10003,
    misconfigured("the channel or thread no longer exists: create a webhook in another channel, or check thread_id"),
  ],
  [10004, misconfigured("the server no longer exists: create a webhook in another one")],
  [10015, misconfigured("the webhook has been deleted: create a new one and use its URL")],
  [40001, misconfigured("Discord does not accept the credentials: copy the webhook's URL again")],
  [
    40058,
    misconfigured(
      "a forum channel takes no messages of its own: put the id of one of its posts in the URL as thread_id",
    ),
  ],
  [
    40067,
    misconfigured(
      "this forum asks for a tag on each new post: put tags=<id of a tag> in the URL, or the id of an existing post as thread_id",
    ),
  ],
  [50001, misconfigured("access to the channel is missing: have an administrator of the server allow it")],
  [50008, misconfigured("this kind of channel takes no messages: create a webhook in a text channel")],
  [50013, misconfigured("permission is missing: have an administrator of the server grant it")],
  [50024, misconfigured("this kind of channel takes no messages of webhooks: create a webhook in a text channel")],
  [50027, misconfigured("the webhook's token is wrong: copy its URL again")],
  [50083, misconfigured("the thread is archived: open it again, or put another thread_id in the URL")],
  [160005, misconfigured("the thread is locked: unlock it, or put another thread_id in the URL")],
  [220002, misconfigured("a thread's id and a new thread's name exclude each other: use thread_id alone")],
  [220003, misconfigured("new threads can be made in forum channels only: put an existing thread_id in the URL")],
  [220004, misconfigured("webhooks of this kind cannot post in forum channels: create one in a text channel")],

  // Discord itself, for a while.
  [40004, { kind: "unavailable", message: "Discord has switched off sending messages for now" }],
  [40006, { kind: "unavailable", message: "Discord has switched off this function for now" }],
  [130000, { kind: "unavailable", message: "Discord is overloaded for now" }],

  // Limits that are not the bucket's: slow mode, announcements, writes in a channel or server, old edits, a service.
  [20016, RATE_LIMITED],
  [20022, RATE_LIMITED],
  [20028, RATE_LIMITED],
  [20029, RATE_LIMITED],
  [30046, RATE_LIMITED],
  [40062, RATE_LIMITED],

  // This message.
  [20009, { kind: "rejected", message: "the content counts as explicit and may not be sent there" }],
  [30015, { kind: "rejected", message: "it has too many files" }],
  [40005, { kind: "rejected", message: "it is too large" }],
  [50006, { kind: "rejected", message: "it is empty" }],
  [50045, { kind: "rejected", message: "a file is too large" }],
  [50046, { kind: "rejected", message: "a file is not valid" }],
  [50109, { kind: "rejected", message: "its JSON is not valid" }],
  [200000, { kind: "rejected", message: "the server's AutoMod blocks its content" }],
  [200001, { kind: "rejected", message: "the server's AutoMod blocks its title" }],
  [240000, { kind: "rejected", message: "it contains a link that Discord considers harmful" }],
  [400001, { kind: "rejected", message: "the server may not receive files for now" }],
]);

/** `null` for a code that does not decide; the HTTP status does then. */
export function classOfApiCode(code: number | null): ApiCodeClass | null {
  return code === null ? null : (CLASSES.get(code) ?? null);
}

function misconfigured(message: string): ApiCodeClass {
  return { kind: "misconfigured", message };
}
