/** What becomes of a request on the wire: an answer, or one of the ways in which none comes. */
import type { Reply } from "./reply.ts";

export type Outcome =
  | { readonly kind: "reply"; readonly reply: Reply; readonly fault?: string }
  | { readonly kind: "reset" }
  | {
      readonly kind: "stall";
      /** Null: for ever. */
      readonly ms: number | null;
      readonly phase: "headers" | "body";
      /** The answer, worked out when it is wanted. */
      readonly proceed: () => Reply;
    }
  | { readonly kind: "slow-body"; readonly ms: number; readonly reply: Reply };
