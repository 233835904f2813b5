/**
 * Files of a notification: bytes copied, so that the caller may reuse its buffer, and names made safe for every system
 * that will see them. Pure but for the copying.
 */
import { MAX_FILE_BYTES, MAX_FILES } from "./bounds.ts";
import type { AttachedFile } from "./notification.ts";
import { readable } from "./readable.ts";

const NO_FILES: readonly AttachedFile[] = Object.freeze([]);
const MAX_FILE_NAME_CHARS = 255;
const MAX_CONTENT_TYPE_CHARS = 255;

/** The files that can be read; anything else in the list is left out. */
export function toFiles(value: unknown): readonly AttachedFile[] {
  if (!Array.isArray(value)) return NO_FILES;
  return value
    .slice(0, MAX_FILES)
    .map(toFile)
    .filter((file) => file !== null);
}

function toFile(value: unknown, index: number): AttachedFile | null {
  if (typeof value !== "object" || value === null) return null;
  const { name, data, contentType } = value as Record<string, unknown>;
  const safe = safeFileName(name) ?? `file-${index + 1}`;
  const bytes = sizeOf(data);
  if (bytes === null) return null;
  if (bytes > MAX_FILE_BYTES) return noteInstead(safe, bytes);
  return { name: safe, data: copyOf(data as FileData), contentType: toContentType(contentType) };
}

type FileData = string | ArrayBuffer | ArrayBufferView;

function sizeOf(data: unknown): number | null {
  if (typeof data === "string") return data.length > MAX_FILE_BYTES ? data.length : Buffer.byteLength(data);
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : null;
}

function copyOf(data: FileData): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data.slice(0));
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice();
}

function noteInstead(name: string, bytes: number): AttachedFile {
  const text = `${name} was left out: ${bytes.toLocaleString("en")} bytes are more than a notification can carry.\n`;
  return { name: `${name}.txt`, data: new TextEncoder().encode(text), contentType: "text/plain" };
}

/** The last part of a path, without control characters and what file systems or headers forbid; `null` when nothing is left. */
function safeFileName(value: unknown): string | null {
  if (typeof value !== "string") return value === undefined || value === null ? null : safeFileName(readable(value));
  const name = value
    .slice(-MAX_FILE_NAME_CHARS * 4)
    .split(/[/\\]/)
    .at(-1)!
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"<>:|?*]/gu, "_")
    .slice(-MAX_FILE_NAME_CHARS)
    .toWellFormed()
    .trim();
  return /^\.*$/.test(name) ? null : name;
}

function toContentType(value: unknown): string | null {
  if (typeof value !== "string" || value.length > MAX_CONTENT_TYPE_CHARS) return null;
  return /^[\w.+-]+\/[\w.+-]+(?: *; *[\w.+-]+=[\w.+"-]+)*$/.test(value) ? value : null;
}
