/**
 * One HTTP request and what became of it, as undici reports it from below: lean, because it is on the way of every
 * message. It never fails; it ends in a {@link Reply}, exactly once.
 *
 * Besides the answer it tells how far the request got, because a request that was never written has not been carried
 * out, while one that was written may have been.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";

export type Reply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
      /** False when the body stalled, broke off or was too long: what is there of it is in `body`. */
      readonly complete: boolean;
    }
  | {
      readonly kind: "no-answer";
      /** `not-logged-in`: there was nobody yet to ask as. */
      readonly cause: "timeout" | "closed" | "error" | "not-logged-in";
      readonly error: unknown;
      /** Whether any of the request was handed to a connection. */
      readonly written: boolean;
    };

/** The answers that matter have a few kilobytes; what is longer is not read to its end. */
const ANSWER_MAX_BYTES = 1_048_576;
const NOTHING = Buffer.alloc(0);

export class Exchange implements Dispatcher.DispatchHandler {
  #tell: ((reply: Reply) => void) | null;
  #controller: Dispatcher.DispatchController | null = null;
  #written = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #body: Buffer = NOTHING;
  #rest: Buffer[] | null = null;
  #bytes = 0;

  /** @param tell called once, at the end */
  constructor(tell: (reply: Reply) => void) {
    this.#tell = tell;
  }

  /** Whether the reply has been told. */
  get isOver(): boolean {
    return this.#tell === null;
  }

  /** Ends it now, with what there is; the connection is given up. Harmless when it has ended. */
  abort(cause: "timeout" | "closed"): void {
    const error = new Error(cause);
    this.#end(cause, error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Aborted while it waited for a connection: undici learns of it only now.
    if (this.isOver) controller.abort(new Error("aborted"));
  }

  onBodySent(): void {
    this.#written = true;
  }

  onRequestSent(): void {
    this.#written = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // 1xx only announces the answer.
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > ANSWER_MAX_BYTES) {
      const error = new Error("answer too long");
      this.#end("error", error);
      controller.abort(error);
    } else if (this.#body === NOTHING) {
      this.#body = chunk;
    } else {
      this.#rest ??= [];
      this.#rest.push(chunk);
    }
  }

  onResponseEnd(): void {
    this.#answer(true);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#end("error", error);
  }

  #end(cause: "timeout" | "closed" | "error", error: unknown): void {
    if (this.#status > 0) this.#answer(false);
    else this.#resolve({ kind: "no-answer", cause, error, written: this.#written });
  }

  #answer(complete: boolean): void {
    const body = this.#rest === null ? this.#body : Buffer.concat([this.#body, ...this.#rest]);
    this.#resolve({ kind: "answer", status: this.#status, headers: this.#headers, body, complete });
  }

  #resolve(reply: Reply): void {
    const tell = this.#tell;
    this.#tell = null;
    tell?.(reply);
  }
}
