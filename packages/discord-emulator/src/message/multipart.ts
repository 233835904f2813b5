/** Takes a multipart body apart: fields, and files in memory. */
import { Busboy } from "@fastify/busboy";
import { REQUEST_BYTES_MAX } from "../form/limits.ts";

export interface UploadedFile {
  /** As in `files[n]`; a file under another name takes the next number. */
  readonly key: string;
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Multipart {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: readonly UploadedFile[];
}

export function isMultipart(contentType: string): boolean {
  return /^\s*multipart\/form-data\b/i.test(contentType);
}

/** Null when the body is not what its content type says. */
export function readMultipart(type: string, bytes: Buffer): Promise<Multipart | null> {
  const fields: Record<string, string> = {};
  const files: UploadedFile[] = [];
  return new Promise((resolve) => {
    let parser: ReturnType<typeof Busboy>;
    try {
      parser = Busboy({ headers: { "content-type": type }, limits: { fieldSize: REQUEST_BYTES_MAX } });
    } catch {
      // The constructor throws when the boundary is missing.
      resolve(null);
      return;
    }
    parser.on("field", (name, value) => {
      fields[name] = value;
    });
    parser.on("file", (...part) => {
      const [name, stream, filename, , contentType] = part;
      const chunks: Buffer[] = [];
      // A torn part complains on its own stream too, where nobody listening would end the process.
      stream.on("error", () => resolve(null));
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const content = Buffer.concat(chunks);
        if (name === "payload_json") fields[name] = content.toString("utf8");
        else files.push({ key: keyOf(name, files.length), filename, contentType, bytes: content });
      });
    });
    parser.on("finish", () => resolve({ fields, files }));
    parser.on("error", () => resolve(null));
    parser.end(bytes);
  });
}

function keyOf(name: string, position: number): string {
  return /^files\[(\d+)\]$/.exec(name)?.[1] ?? String(position);
}
