/** A mail server in this process: the remote of the e-mail channel, for its tests. It reads mails with a parser of its own. */
import type { AddressInfo, Socket } from "node:net";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions, type SMTPServerSession } from "smtp-server";
import { KEY, LOCALHOST_CERT } from "../http/certificates.fixture.ts";

export interface ReceivedMail extends Email {
  /** As it came, with its headers. */
  readonly raw: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** Whether it came over an encrypted connection. */
  readonly isEncrypted: boolean;
}

export interface Refusal {
  readonly code: number;
  readonly text: string;
  /** Not the next time. @defaultValue false */
  readonly once?: boolean;
}

export interface MailServer {
  readonly port: number;
  /** Those that were confirmed, oldest first. */
  readonly mails: readonly ReceivedMail[];
  /** How many connections have been made to it. */
  readonly connections: number;
  /** What it answers instead of going on, by the command; empty for nothing. Changed under way. */
  readonly refusals: Map<"CONNECT" | "MAIL" | "RCPT" | "DATA" | `RCPT ${string}`, Refusal>;
  /** From now on a message that has come in whole is not answered. */
  fallSilent(): void;
  /** Resolves when the next message has come in whole. */
  nextMessage(): Promise<void>;
  /** Breaks off all connections. */
  hangUp(): void;
  close(): Promise<void>;
}

export interface MailServerOptions {
  readonly login?: { readonly user: string; readonly pass: string };
  /** What its own settings are called. */
  readonly smtp?: SMTPServerOptions;
}

export async function startMailServer({ login, smtp = {} }: MailServerOptions = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const refusals: MailServer["refusals"] = new Map();
  const sockets = new Set<Socket>();
  let connections = 0;
  let isSilent = false;
  let waiting: (() => void)[] = [];

  const answer = (command: Parameters<typeof refusals.get>[0]): Error | null => {
    const refusal = refusals.get(command);
    if (refusal?.once) refusals.delete(command);
    return refusal === undefined ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code });
  };
  const server = new SMTPServer({
    key: KEY,
    cert: LOCALHOST_CERT,
    disabledCommands: login === undefined ? ["AUTH"] : [],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onConnect: (_session, done) => done(answer("CONNECT")),
    onAuth: ({ username, password }, _session, done) => {
      const isRight = username === login?.user && password === login?.pass;
      const wrong = `5.7.8 Wrong: ${password} ${Buffer.from(password ?? "").toString("base64")}`;
      done(isRight ? null : Object.assign(new Error(wrong), { responseCode: 535 }), { user: username });
    },
    onMailFrom: (_address, _session, done) => done(answer("MAIL")),
    onRcptTo: ({ address }, _session, done) => done(answer(`RCPT ${address}`) ?? answer("RCPT")),
    onData: async (stream, session, done) => {
      const mail = await read(stream, session);
      for (const resolve of waiting) resolve();
      waiting = [];
      if (isSilent) return;
      const refusal = answer("DATA");
      if (refusal === null) mails.push(mail);
      done(refusal);
    },
    ...smtp,
  });
  server.on("error", () => {});
  server.server.on("connection", (socket: Socket) => {
    connections++;
    sockets.add(socket);
    socket.on("error", () => {}).on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refusals,
    get connections() {
      return connections;
    },
    fallSilent: () => {
      isSilent = true;
    },
    nextMessage: () => new Promise((resolve) => waiting.push(resolve)),
    hangUp,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      hangUp();
      await closed;
    },
  };
}

async function read(stream: SMTPServerDataStream, { envelope, secure }: SMTPServerSession): Promise<ReceivedMail> {
  const raw = Buffer.concat(await stream.toArray());
  const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
  const to = envelope.rcptTo.map(({ address }) => address);
  return { ...(await PostalMime.parse(raw)), raw: raw.toString(), envelope: { from, to }, isEncrypted: secure };
}
