import { describe, expect, it } from "vitest";
import { request, setUp } from "../../testing/harness.ts";

function form(payload: object, files: Record<string, { name: string; bytes: Uint8Array<ArrayBuffer>; type?: string }>) {
  const body = new FormData();
  body.set("payload_json", JSON.stringify(payload));
  for (const [key, { name, bytes, type = "application/octet-stream" }] of Object.entries(files)) {
    body.set(key, new Blob([bytes], { type }), name);
  }
  return { method: "POST", body };
}

const PICTURE = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10, 0, 255]);
const MEBIBYTE = 1024 * 1024;

describe("files", () => {
  it("come with payload_json, are answered with 200 even without wait, and can be fetched", async () => {
    await using bench = await setUp();
    const payload = { content: "see", attachments: [{ id: 0, description: "the plot" }] };
    const seen = await request(
      bench.url,
      form(payload, { "files[0]": { name: "my plot.png", bytes: PICTURE, type: "image/png" } }),
    );
    expect(seen.status).toBe(200);
    const attachment = { filename: "my_plot.png", size: 10, content_type: "image/png", description: "the plot" };
    expect(seen.body).toMatchObject({ content: "see", attachments: [attachment] });

    const [stored] = bench.emulator.messages()[0]!.attachments;
    const fetched = await fetch(stored!.url);
    expect(fetched.status).toBe(200);
    expect(new Uint8Array(await fetched.arrayBuffer())).toEqual(PICTURE);
  });

  it("alone make a message", async () => {
    await using bench = await setUp();
    expect((await request(bench.url, form({}, { file: { name: "a.txt", bytes: PICTURE } }))).status).toBe(200);
  });

  it("are put where an embed refers to them", async () => {
    await using bench = await setUp();
    const embed = { title: "x", image: { url: "attachment://plot.png" } };
    await request(bench.url, form({ embeds: [embed] }, { "files[0]": { name: "plot.png", bytes: PICTURE } }));
    const [message] = bench.emulator.messages();
    expect(message?.embeds[0]?.image?.url).toBe(message?.attachments[0]?.url);
  });

  it.each([
    { name: "of 10 MiB pass", bytes: 10 * MEBIBYTE, status: 200 },
    { name: "of one byte more do not", bytes: 10 * MEBIBYTE + 1, status: 413 },
  ])("$name", async ({ bytes, status }) => {
    await using bench = await setUp();
    const seen = await request(bench.url, form({}, { "files[0]": { name: "a", bytes: new Uint8Array(bytes) } }));
    expect(seen.status).toBe(status);
    if (status === 413) expect(seen.body).toEqual({ message: "Request entity too large", code: 40005 });
  });

  it("of more than 25 MiB together do not pass", async () => {
    await using bench = await setUp();
    const nine = { name: "a", bytes: new Uint8Array(9 * MEBIBYTE) };
    const seen = await request(bench.url, form({}, { "files[0]": nine, "files[1]": nine, "files[2]": nine }));
    expect([seen.status, seen.body]).toEqual([413, { message: "Request entity too large", code: 40005 }]);
  });

  it("are ten at most", async () => {
    await using bench = await setUp();
    const many = (count: number) =>
      form(
        {},
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`files[${at}]`, { name: "a", bytes: PICTURE }])),
      );
    expect((await request(bench.url, many(10))).status).toBe(200);
    expect((await request(bench.url, many(11))).body).toMatchObject({ code: 30015 });
  });

  it("are appended by an edit, unless it lists which stay", async () => {
    await using bench = await setUp();
    const first = await request(bench.url, form({}, { "files[0]": { name: "one.txt", bytes: PICTURE } }));
    const { id } = first.body as { id: string };
    const edit = (payload: object) =>
      request(`${bench.url}/messages/${id}`, {
        ...form(payload, { "files[0]": { name: "two.txt", bytes: PICTURE } }),
        method: "PATCH",
      });
    const names = () => bench.emulator.messages()[0]?.attachments.map(({ filename }) => filename);
    await edit({});
    expect(names()).toEqual(["one.txt", "two.txt"]);
    const gone = bench.emulator.messages()[0]!.attachments[0]!;
    await edit({ attachments: [{ id: bench.emulator.messages()[0]?.attachments[1]?.id }] });
    expect(names()).toEqual(["two.txt", "two.txt"]);
    expect((await fetch(gone.url)).status).toBe(404);
  });

  it("go with the message that is deleted, and with the oldest when there is no room", async () => {
    await using bench = await setUp({ fileBytes: 15 });
    const upload = () => request(bench.url, form({}, { "files[0]": { name: "a", bytes: PICTURE } }));
    await upload();
    await upload();
    const [first, second] = bench.emulator.messages();
    expect((await fetch(first!.attachments[0]!.url)).status).toBe(404);
    expect((await fetch(second!.attachments[0]!.url)).status).toBe(200);
    await request(`${bench.url}/messages/${second!.id}`, { method: "DELETE" });
    expect((await fetch(second!.attachments[0]!.url)).status).toBe(404);
  });

  it("in a body that is torn or without its boundary are refused", async () => {
    await using bench = await setUp();
    const torn = '--b\r\nContent-Disposition: form-data; name="files[0]"; filename="a"\r\n\r\nhalf';
    for (const type of ["multipart/form-data", "multipart/form-data; boundary=b"]) {
      const seen = await request(bench.url, { method: "POST", headers: { "content-type": type }, body: torn });
      expect(seen.status).toBe(400);
    }
    const bad = form({}, {});
    bad.body.set("payload_json", "{oops");
    expect((await request(bench.url, bad)).body).toMatchObject({
      code: 50035,
      errors: { payload_json: { _errors: [{ message: 'Expected "payload_json" to be a valid JSON string.' }] } },
    });
  });
});
