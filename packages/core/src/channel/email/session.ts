/**
 * One connection to a mail server, kept for the next mail and given up when nothing has been sent for a while. One mail at a time;
 * whatever fails ends the connection, so that the next mail never meets half of the one before.
 *
 * It never fails: everything ends in an {@link SmtpEnd}, which also tells how far it came. Before the message itself was begun,
 * nothing can have arrived; after that nobody knows, unless the server has said.
 */
import { Readable } from "node:stream";
import type { Clock } from "../../clock/clock.ts";
import type { Nodemailer, SmtpConnection } from "./nodemailer.ts";
import type { EmailSettings } from "./settings.ts";

export interface SmtpMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly content: Buffer;
}

export type SmtpEnd =
  /** The server took it for one recipient at least. */
  | { readonly kind: "taken"; readonly refused: readonly RefusedRecipient[] }
  | { readonly kind: "failed"; readonly failure: SmtpFailure };

export interface RefusedRecipient {
  readonly address: string;
  /** What the server said. */
  readonly reply: string;
}

export interface SmtpFailure {
  readonly cause: "error" | "timeout" | "closed";
  readonly error: unknown;
  /** Whether any of the message was handed to the server. */
  readonly begun: boolean;
}

export interface SmtpSession {
  submit(message: SmtpMessage): Promise<SmtpEnd>;
  /** Connects and logs in, and sends nothing. */
  verify(): Promise<SmtpEnd>;
  /** Ends the connection, and with it what is under way. */
  close(): void;
}

export interface SmtpSessionParts {
  readonly settings: EmailSettings;
  readonly clock: Clock;
  readonly load: () => Promise<Nodemailer>;
}

/** One try; what it finds out late, after it has been given up, must change nothing any more. */
interface Talk {
  begun: boolean;
  isOver: boolean;
}

const CLOSED: SmtpEnd = { kind: "failed", failure: { cause: "closed", error: null, begun: false } };

export function createSmtpSession(parts: SmtpSessionParts): SmtpSession {
  return new Session(parts);
}

class Session implements SmtpSession {
  readonly #parts: SmtpSessionParts;
  #connection: SmtpConnection | null = null;
  #isClosed = false;
  #stop: (() => void) | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: SmtpSessionParts) {
    this.#parts = parts;
  }

  submit(message: SmtpMessage): Promise<SmtpEnd> {
    return this.#inTurn(message);
  }

  verify(): Promise<SmtpEnd> {
    return this.#inTurn(null);
  }

  close(): void {
    this.#isClosed = true;
    this.#stop?.();
    this.#drop();
  }

  #inTurn(message: SmtpMessage | null): Promise<SmtpEnd> {
    const end = this.#last.then(() => (this.#isClosed ? CLOSED : this.#attempt(message)));
    this.#last = end;
    return end;
  }

  #attempt(message: SmtpMessage | null): Promise<SmtpEnd> {
    const { clock, settings } = this.#parts;
    const talk: Talk = { begun: false, isOver: false };
    return new Promise((resolve) => {
      const end = (result: SmtpEnd): void => {
        if (talk.isOver) return;
        talk.isOver = true;
        deadline.cancel();
        this.#stop = null;
        if (result.kind === "failed") this.#drop();
        else this.#rest();
        resolve(result);
      };
      const fail = (cause: SmtpFailure["cause"], error: unknown): void =>
        end({ kind: "failed", failure: { cause, error, begun: talk.begun } });
      const deadline = clock.schedule(clock.now() + settings.timeoutMs, () => fail("timeout", null));
      this.#stop = () => fail("closed", null);
      this.#converse(message, talk).then(end, (error: unknown) => fail("error", error));
    });
  }

  async #converse(message: SmtpMessage | null, talk: Talk): Promise<SmtpEnd> {
    const kept = this.#connection;
    if (kept !== null) {
      setKeepingAlive(kept, true);
      try {
        return await deliver(kept, message, talk);
      } catch (error) {
        // A server may give up a connection that rested; that is no failure of this mail.
        if (talk.isOver || talk.begun || !isLoss(error)) throw error;
        this.#drop();
      }
    }
    return deliver(await this.#connect(talk), message, talk);
  }

  async #connect(talk: Talk): Promise<SmtpConnection> {
    const { settings, load } = this.#parts;
    const { SmtpConnection } = await load();
    if (talk.isOver) throw new Error("given up");
    const connection = new SmtpConnection(connectionOptions(settings));
    this.#connection = connection;
    // Also where nobody waits for it: an event "error" without a listener would end the program.
    const forget = (): void => {
      if (this.#connection === connection) this.#connection = null;
    };
    connection.on("error", forget);
    connection.on("end", forget);
    await settled(connection, (done) => connection.connect(done));
    const { auth } = settings;
    // A copy: nodemailer keeps its notes in it.
    if (auth !== null) await settled(connection, (done) => connection.login({ ...auth }, done));
    return connection;
  }

  /** Keeps the connection, but not the program that has nothing else to do. */
  #rest(): void {
    if (this.#connection !== null) setKeepingAlive(this.#connection, false);
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = null;
  }
}

function connectionOptions({ host, port, tls, timeoutMs }: EmailSettings) {
  return {
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    // The deadline over everything comes first; these end what it cannot reach, the last of them a connection that rests.
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  };
}

async function deliver(connection: SmtpConnection, message: SmtpMessage | null, talk: Talk): Promise<SmtpEnd> {
  if (message === null) {
    await settled(connection, (done) => connection.reset(done));
    return { kind: "taken", refused: [] };
  }
  const { from, to, content } = message;
  // Read only once the server has asked for it, which is how we know.
  const source = new Readable({
    read() {
      talk.begun = true;
      this.push(content);
      this.push(null);
    },
  });
  const envelope = { from, to: [...to], size: content.length };
  const info = await settled<Awaited<SentInfo>>(connection, (done) => connection.send(envelope, source, done));
  const refused = (info?.rejectedErrors ?? []).map((error) => ({
    address: String((error as { recipient?: unknown }).recipient),
    reply: String((error as { response?: unknown }).response),
  }));
  return { kind: "taken", refused };
}

type SentInfo = Parameters<Parameters<SmtpConnection["send"]>[2]>[1];

/** Waits for the callback, or for the end of the connection, after which there is none. */
function settled<T>(
  connection: SmtpConnection,
  start: (done: (error?: unknown, value?: T) => void) => void,
): Promise<T | undefined> {
  const ended = Promise.withResolvers<T | undefined>();
  const onError = (error: unknown): void => ended.reject(error);
  const onEnd = (): void => ended.reject(Object.assign(new Error("the connection ended"), { code: "ECONNECTION" }));
  connection.once("error", onError);
  connection.once("end", onEnd);
  start((error, value) => (error ? ended.reject(error) : ended.resolve(value)));
  return ended.promise.finally(() => {
    connection.removeListener("error", onError);
    connection.removeListener("end", onEnd);
  });
}

/** Whether the connection is gone and not the message refused. */
function isLoss(error: unknown): boolean {
  const { responseCode } = error as { responseCode?: unknown };
  return typeof responseCode !== "number" || responseCode === 421;
}

function setKeepingAlive({ _socket: socket }: SmtpConnection, keeps: boolean): void {
  if (!socket) return;
  if (keeps) socket.ref();
  else socket.unref();
}
