/** The notification about music: a mix, an album, a list of tracks (D2). Pure. */
import type { NotificationInput } from "../notification.ts";
import { playingTime } from "./amount.ts";
import { fieldsOf } from "./fields.ts";

export interface TracklistReport {
  readonly title: string;
  /** One or several. */
  readonly artists?: string | readonly string[] | undefined;
  /** Where it was found or played. */
  readonly source?: string | undefined;
  /** Listed below the title, numbered. */
  readonly tracks?: readonly string[] | undefined;
  /** @defaultValue as many as `tracks` has */
  readonly trackCount?: number | undefined;
  readonly durationMs?: number | undefined;
  /** Where it can be heard or read. */
  readonly url?: string | undefined;
  /** Picture of the cover. */
  readonly cover?: string | undefined;
  readonly fields?: NotificationInput["fields"];
}

export function tracklistNotification(report: TracklistReport): NotificationInput {
  const { title, artists, source, tracks, durationMs, url, cover, fields } = report;
  const known = {
    [typeof artists === "object" && artists.length > 1 ? "Artists" : "Artist"]:
      typeof artists === "object" ? artists.join(", ") : artists,
    Source: source,
    Tracks: report.trackCount ?? tracks?.length,
    Duration: durationMs === undefined ? undefined : playingTime(durationMs),
    Link: url,
  };
  return {
    type: "tracklist",
    title,
    message: tracks?.map((track, index) => `${index + 1}. ${track}`).join("\n"),
    url,
    thumbnail: cover,
    fields: fieldsOf(known, fields),
  };
}
