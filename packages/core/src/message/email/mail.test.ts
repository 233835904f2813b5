import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE_TEXTS } from "../../../testing/hostile-texts.ts";
import { aNotification } from "../../../testing/notifications.ts";
import { renderMail } from "./mail.ts";

const style = { service: "shop", degrade: [], notes: [] };

describe("the subject", () => {
  const subjectOf = (...all: Parameters<typeof aNotification>[0][]) =>
    renderMail(
      all.map((one) => aNotification(one)),
      style,
    ).subject;

  it.each([
    [{ title: "Import failed", severity: "error" }, "[shop] error: Import failed"],
    [{ title: "Disk full", count: 37 }, "[shop] info: Disk full (×37)"],
    [{ title: null, message: "first\nsecond" }, "[shop] info: first second"],
    [{ title: null, content: "Look here" }, "[shop] info: Look here"],
    [{ title: null, type: "night" }, "[shop] info: This alert (night) came without any text."],
    [{ title: " \u3000" }, "[shop] info: This alert (general) came without any text."],
    [{ title: "abc \u202e fed" }, "[shop] info: abc \ufffd fed"],
  ] as const)("of %o", (notification, subject) => {
    expect(subjectOf(notification)).toBe(subject);
  });

  it("is about the first of the worst, and counts the others", () => {
    expect(
      subjectOf(
        { title: "a", severity: "warning" },
        { title: "b", severity: "error" },
        { title: "c", severity: "error" },
      ),
    ).toBe("[shop] error: b (+2 more)");
  });

  it.each(HOSTILE_TEXTS)("is one line of moderate length: %s", (_, text) => {
    const { subject } = renderMail([aNotification({ title: text, type: text })], { ...style, service: text });
    expect(subject).not.toMatch(/[\r\n\u2028\u2029\p{Cc}\p{Cs}]/u);
    expect([...subject].length).toBeLessThan(230);
  });
});

describe("text and HTML", () => {
  it("show what a card has", () => {
    const notification = aNotification({
      ...{ title: "Import <1>", message: "a & b\nc", url: "https://a.example/?x=1&y=2", content: "Look <up>" },
      fields: [{ name: "file", value: "a<b>.csv\nx", inline: true }],
      blocks: [
        { kind: "code", text: "if (a < b) {\n  c();\n}", language: "js" },
        { kind: "link", text: "Runbook", url: "https://a.example/run" },
      ],
      author: { name: "cron", url: "https://a.example/cron", iconUrl: null },
      files: [{ name: "<log>.txt", data: new Uint8Array(1_234), contentType: null }],
      ...{ timestamp: Date.UTC(2026, 0, 1, 10), color: 0x00ff7f, footer: { text: "by night", iconUrl: null } },
    });
    const { text, html } = renderMail([notification], style);
    expect(text).toMatch(/^2026-01-01T10:00:00.000Z \[info\] general: Import <1>\n/);
    for (const part of [
      "border-left:4px solid #00ff7f",
      "<p>Look &lt;up&gt;</p>",
      '<a href="https://a.example/cron">cron</a>',
      '<a href="https://a.example/?x=1&amp;y=2">Import &lt;1&gt;</a>',
      "<p>a &amp; b<br>\nc</p>",
      "if (a &lt; b) {\n  c();\n}</pre>",
      '<p><a href="https://a.example/run">Runbook</a></p>',
      ">file</td>",
      ">a&lt;b&gt;.csv<br>\nx</td>",
      "&lt;log&gt;.txt (1,234 bytes)",
      "info · by night · 2026-01-01T10:00:00.000Z",
    ]) {
      expect(html).toContain(part);
    }
  });

  it("tell several apart and end with the notes", () => {
    const all = ["a", "b"].map((title) => aNotification({ title }));
    const { text, html } = renderMail(all, { ...style, notes: ["Not <x@y.zz>."] });
    expect(text).toBe("[info] general: a\n\n[info] general: b\n\nNot <x@y.zz>.");
    expect(html!.match(/border-left/g)).toHaveLength(2);
    expect(html).toMatch(/Not &lt;x@y\.zz&gt;\.<\/p>\n<\/body>/);
  });

  it("show a link without a title, and text without a card", () => {
    expect(renderMail([aNotification({ title: null, url: "https://a.example/" })], style).html).toContain(
      '<a href="https://a.example/">https://a.example/</a>',
    );
    expect(renderMail([aNotification({ title: null, content: "alone" })], style).html).toContain("<p>alone</p>");
    expect(renderMail([aNotification({ title: null })], style).html).toContain("came without any text");
  });

  it.each(["javascript:alert(1)", "data:text/html,x", "  vbscript:x", "not a link", "//x", "file:///etc/passwd"])(
    "link to no %s",
    (url) => {
      const { html } = renderMail([aNotification({ url, author: { name: "x", url, iconUrl: null } })], style);
      expect(html).not.toContain("<a");
    },
  );

  it("make nothing of a text but text, whatever it contains", () => {
    const short = HOSTILE_TEXTS.map(([, text]) => text).filter((text) => text.length < 1_000);
    const texts = fc.oneof(fc.string({ unit: "binary-ascii" }), fc.constantFrom(...short));
    const skeleton = (text: string) => {
      const author = { name: text, url: text, iconUrl: text };
      const footer = { text, iconUrl: text };
      const fields = [{ name: text, value: text, inline: true }];
      const files = [{ name: text, data: new Uint8Array(), contentType: text }];
      const blocks = [
        { kind: "code", text, language: text },
        { kind: "link", text, url: text },
      ] as const;
      const all = {
        type: text,
        title: `x${text}`,
        message: `x${text}`,
        content: `x${text}`,
        author,
        footer,
        fields,
        files,
        blocks,
      };
      const { html } = renderMail([aNotification(all)], { service: text, degrade: [], notes: [text] });
      return html!
        .replaceAll("<br>\n", "")
        .match(/<[^>]*>/g)!
        .join("");
    };
    const plain = skeleton("x");
    fc.assert(
      fc.property(texts, (text) => {
        expect(skeleton(`<b x="${text}'`)).toBe(plain);
      }),
    );
  });
});

describe("degrading", () => {
  const files = [{ name: "log", data: new Uint8Array(3), contentType: null }];

  it("leaves out the files, and says so", () => {
    const mail = renderMail([aNotification({ files })], { ...style, degrade: ["without-files"] });
    expect(mail.files).toEqual([]);
    expect(mail.text).toMatch(
      /file: log \(3 bytes\)\n\nThe mail server refused the attached files, so they were left out\.$/,
    );
    expect(renderMail([aNotification()], { ...style, degrade: ["without-files"] }).text).not.toContain("left out");
  });

  it("leaves out the HTML", () => {
    expect(renderMail([aNotification({ files })], { ...style, degrade: ["text-only"] })).toMatchObject({
      html: null,
      files,
    });
  });
});
