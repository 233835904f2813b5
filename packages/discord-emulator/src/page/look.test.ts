import { expect, it } from "vitest";
import { avatarOf, pictureOf } from "./pictures.ts";
import { fromUnix, whenSaid } from "./time.ts";
import { sizeOf } from "./view/attachments.ts";
import { columnsOf } from "./view/embed.ts";

const inline = { inline: true };
const block = { inline: false };

it.each([
  { fields: [block], columns: ["1 / 13"] },
  { fields: [inline], columns: ["1 / 13"] },
  { fields: [inline, inline], columns: ["1 / 7", "7 / 13"] },
  { fields: [inline, inline, inline], columns: ["1 / 5", "5 / 9", "9 / 13"] },
  {
    fields: [inline, inline, inline, inline, block, inline],
    columns: ["1 / 5", "5 / 9", "9 / 13", "1 / 13", "1 / 13", "1 / 13"],
  },
])("sets the fields $fields in columns", ({ fields, columns }) => {
  expect(columnsOf(fields)).toEqual(columns);
});

it("loads no picture from elsewhere, and its own by their path", () => {
  const own = "http://127.0.0.1:8090";
  expect(pictureOf(`${own}/attachments/1/2/a.png`, own)).toBe("/attachments/1/2/a.png");
  for (const url of ["https://a.example/x.png", `${own}.evil.example/attachments/1/2/a.png`, "nonsense"]) {
    expect(pictureOf(url, own)).toMatch(/^data:image\/svg\+xml,/);
  }
  expect(decodeURIComponent(pictureOf('https://a.example/"><script>', own))).not.toContain("<script>");
});

it("draws avatars from names, and takes those that came along", () => {
  expect(decodeURIComponent(avatarOf("<b>ell", null))).toContain(">B</text>");
  expect(avatarOf("Bell", "data:image/png;base64,AA==")).toBe("data:image/png;base64,AA==");
  expect(avatarOf("Bell", "https://a.example/x.png")).toMatch(/^data:image\/svg/);
  expect(avatarOf("\ud83d", null)).toMatch(/^data:image\/svg/);
});

it("says when, in words", () => {
  const noon = new Date(2026, 0, 2, 12).getTime();
  expect(whenSaid(noon, noon + 3_600_000)).toMatch(/^Today at /);
  expect(whenSaid(noon, noon + 86_400_000)).toMatch(/^Yesterday at /);
  expect(whenSaid(noon, noon + 172_800_000)).toMatch(/2026/);
  expect(fromUnix(Date.now() / 1000 - 7_300, "R")).toBe("2 hours ago");
  expect(fromUnix(1e20, "F")).toBe("100000000000000000000");
});

it("gives sizes in the unit people read", () => {
  expect([512, 1_536, 5 * 1024 * 1024].map(sizeOf)).toEqual([
    [512, "bytes"],
    [1.5, "KB"],
    [5, "MB"],
  ]);
});
