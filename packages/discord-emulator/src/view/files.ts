/** Serves uploaded files so that none can do harm: whatever is in them, it runs in no page of ours. */
import type { ServerResponse } from "node:http";
import type { FileStore } from "../world/file-store.ts";

/** Shown in place; everything else is offered for saving. */
const SHOWN = /^(?:image\/(?:png|jpeg|gif|webp)|text\/plain)\b/i;
const FILE_PATH = /^\/attachments\/\d+\/(\d+)\/[^/]+$/;

export function serveFile(path: string, response: ServerResponse, files: FileStore): void {
  const file = files.get(FILE_PATH.exec(path)?.[1] ?? "");
  if (file === undefined) {
    response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" });
    response.end("This file is not here any more, or never was.\n");
    return;
  }
  const isShown = SHOWN.test(file.contentType);
  response.writeHead(200, {
    "Content-Type": isShown ? file.contentType : "application/octet-stream",
    "Content-Disposition": `${isShown ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(file.filename)}`,
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(file.bytes);
}
