/** Search by words: the same found by every store, whatever the script. */
import assert from "node:assert/strict";
import type { Notification } from "../../src/notification/notification.ts";
import { HOSTILE_TEXTS } from "../hostile-texts.ts";
import type { StoreChecks } from "../store-conformance.ts";
import { delivered, delivery, rejected } from "./scenes.ts";

const SAYINGS: Readonly<Record<string, Partial<Notification>>> = {
  disk: { title: "Disk full", message: "The disk of api.example.com is 91% full" },
  café: { title: "Café closed", message: "Ärger im Übergang: naïve Zürich", content: "ΟΔΟΣ" },
  fields: { title: "Import", fields: [{ name: "File name", value: "quarterly-report.csv", inline: true }] },
  labelled: { title: "Pump", labels: { site: "North Sea" }, footer: { text: "greenhouse monitor", iconUrl: null } },
  scripts: { title: "温度が高い", message: "Температура высокая, ارتفاع الحرارة, तापमान" },
  quoting: {
    title: 'He said "disk" AND NOT (full) OR NEAR* words:x',
    author: { name: "O'Brien", url: null, iconUrl: null },
  },
  unbroken: { title: "🚨磁盘已满", message: "サーバーのディスク容量が不足しています" },
  attached: { title: "Log", files: [{ name: "stack-trace.txt", data: new Uint8Array(1), contentType: null }] },
};

/** What is typed, and what it finds, by name. */
const SEARCHES: readonly (readonly [text: string, found: readonly string[]])[] = [
  ["disk", ["disk", "quoting"]],
  ["DISK Full", ["disk", "quoting"]],
  ['"disk full"', ["disk"]],
  ['"full disk"', []],
  ["full the", ["disk"]],
  // No phrase spans two texts: the title ends with "full", the message begins with "The".
  ['"full the"', []],
  ["api.example.com", ["disk"]],
  ["example.org", []],
  ["exam*", ["disk"]],
  ["exam", []],
  ["91%", ["disk"]],
  ["cafe", ["café"]],
  ["CAFÉ ubergang", ["café"]],
  ["zürich naive", ["café"]],
  ["οδος", ["café"]],
  ["quarterly", ["fields"]],
  ['"file name"', ["fields"]],
  ['"name quarterly"', []],
  ["north greenhouse", ["labelled"]],
  ["温度*", ["scripts"]],
  ["温度が高い", ["scripts"]],
  // Without blanks in between, any part of a text is found.
  ["温度", ["scripts"]],
  ["度が", ["scripts"]],
  ["高 温", ["scripts"]],
  ["度温", []],
  ["ディスク", ["unbroken"]],
  ["スク容量", ["unbroken"]],
  ["磁盘", ["unbroken"]],
  ["🚨", ["unbroken"]],
  ["температура", ["scripts"]],
  ["الحرارة", ["scripts"]],
  ["तापमान", ["scripts"]],
  ["o'brien", ["quoting"]],
  ["NOT (full)", ["quoting"]],
  ["words:x", ["quoting"]],
  ['"disk', ["disk", "quoting"]],
  ["disk & full", ["disk", "quoting"]],
  ["&", []],
  ["*", []],
  ['""', []],
  ["stack-trace.txt", ["attached"]],
  ["nothing of the kind", []],
];

export const SEARCH_CHECKS: StoreChecks = {
  "finds words, phrases and beginnings in any text of a notification": async ({ store }) => {
    const names = Object.keys(SAYINGS);
    await store.outbox.append(names.map((name) => delivery(name, SAYINGS[name])));
    for (const [text, expected] of SEARCHES) {
      const { items } = await store.history.query({ text });
      assert.deepEqual(
        items.map(({ notification }) => notification.id.slice("ntf_".length)).sort(),
        expected.toSorted(),
        `searching for ${text}`,
      );
    }
    assert.equal((await store.history.query({ text: "  " })).items.length, names.length);
  },

  "finds what was accepted just now, and together with everything else that can be asked for": async ({ store }) => {
    const records = Array.from({ length: 30 }, (_, n) =>
      delivery(String(n).padStart(2, "0"), { title: `Alarm ${n % 3}`, type: n % 2 === 0 ? "error" : "general" }),
    );
    await store.outbox.append(records);
    await store.outbox.settle(records.slice(0, 20).map((one) => delivered(one)));
    await store.outbox.settle(records.slice(20, 26).map((one) => rejected(one)));
    const request = { text: "alarm 1", types: ["error"], limit: 2 } as const;
    const first = await store.history.query(request);
    const second = await store.history.query({ ...request, cursor: first.next });
    const idsOf = (page: typeof first) => page.items.map(({ notification }) => notification.id);
    // 1, 4, 7, … 28 say "1"; the even ones of them are errors.
    assert.deepEqual(
      [idsOf(first), idsOf(second)],
      [
        ["ntf_28", "ntf_22"],
        ["ntf_16", "ntf_10"],
      ],
    );
    const failed = await store.history.query({ ...request, statuses: ["failed"] });
    assert.deepEqual(idsOf(failed), ["ntf_22"]);
    const there = await store.history.query({ ...request, statuses: ["delivered"], destinations: ["a"] });
    assert.deepEqual(idsOf(there), ["ntf_16", "ntf_10"]);
    assert.deepEqual((await store.history.query({ text: "alarm", destinations: ["b"] })).items, []);
  },

  "can be asked for more words than anybody types": async ({ store }) => {
    await store.outbox.append([delivery("1", { title: "disk full" })]);
    const text = (word: string) =>
      Array.from({ length: 3_000 }, (_, n) => `${word}${n % 2 === 0 ? "" : " disk"}`).join(" ");
    assert.equal((await store.history.query({ text: text("full") })).items.length, 1);
    const distinct = Array.from({ length: 3_000 }, (_, n) => `word${n}`).join(" ");
    assert.equal((await store.history.query({ text: distinct })).items.length, 0);
    assert.equal((await store.history.query({ text: `"${distinct}"` })).items.length, 0);
  },

  "can be asked for any text": async ({ store }) => {
    await store.outbox.append(HOSTILE_TEXTS.map(([name, text]) => delivery(name, { title: text })));
    for (const [name, text] of HOSTILE_TEXTS) {
      const short = text.slice(0, 2_000);
      const { items } = await store.history.query({ text: short, labels: { [short]: short }, types: [short] });
      assert.deepEqual(items, [], name);
    }
  },
};
