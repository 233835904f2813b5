/**
 * A service that imports music: each of the six alert types at its place, nothing lost by a crash, and a history that answers questions
 * without a server beside it. Imports a few files, one of which is broken, tells what came of it, and ends.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createNotifier,
  criticalNotification,
  errorNotification,
  monitoringNotification,
  securityNotification,
  tracklistNotification,
} from "@tocsin/core";
import { openSqliteStore } from "@tocsin/core/sqlite";
import { openDiscord } from "../discord.ts";

interface Release {
  readonly file: string;
  readonly artist: string;
  readonly tracks: readonly string[];
}

const INBOX: readonly Release[] = [
  { file: "harbour.zip", artist: "The Gulls", tracks: ["Tide", "Foam", "Last Ferry"] },
  { file: "empty.zip", artist: "Nobody", tracks: [] },
  { file: "night-bus.zip", artist: "Line 12", tracks: ["Depot", "Terminus"] },
];
const MAX_RELEASES = 2;

// Where you would name a folder that stays.
const folder = mkdtempSync(join(tmpdir(), "tocsin-music-import-"));
const store = openSqliteStore({ database: join(folder, "alerts.db") });
const discord = await openDiscord();
const notifier = createNotifier({ env: discord.env, service: "Music import", store });

function importRelease({ file, artist, tracks }: Release): void {
  if (tracks.length === 0) throw new RangeError(`${file} holds no track`);
  notifier.notify({
    ...tracklistNotification({ title: file, artists: artist, tracks, source: "inbox" }),
    // The same file twice is told once, also after a restart.
    idempotencyKey: `imported ${file}`,
  });
}

notifier.notify({ type: "general", title: "Import begins", fields: { Files: INBOX.length } });
let imported = 0;
for (const release of INBOX) {
  try {
    importRelease(release);
    imported++;
  } catch (error) {
    notifier.notify(errorNotification({ title: "Import failed", error, fields: { File: release.file } }));
  }
}
notifier.notify(securityNotification({ event: "A login from a new address", source: "192.0.2.7", user: "curator" }));
notifier.notify(
  monitoringNotification({
    metric: "Releases on the shelf",
    value: imported,
    threshold: MAX_RELEASES,
    status: "warning",
  }),
);
if (imported >= MAX_RELEASES) {
  notifier.notify(
    criticalNotification({
      title: "The shelf is full",
      message: "Nothing more can be imported",
      impact: "New releases wait",
      actionRequired: "Free space, or buy a shelf",
    }),
  );
}

const { drained } = await notifier.flush({ timeoutMs: 10_000 });
const { items } = await store.history.query({ limit: 20 });
for (const { notification, status } of [...items].reverse()) {
  console.log(`History   ${notification.type.padEnd(10)} ${notification.title}: ${status}`);
}
const failed = await store.history.query({ text: "empty.zip", limit: 1 });
console.log(`Search    "empty.zip" is in: ${failed.items.map(({ notification }) => notification.title)}`);

await notifier.close();
await discord.close();
rmSync(folder, { recursive: true });
process.exitCode = drained ? 0 : 1;
