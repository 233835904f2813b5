import { describe, expect, it } from "vitest";
import { usableLink, usablePicture } from "./link.ts";

describe("usableLink", () => {
  it.each([
    { link: "https://grafana.example/d/x?from=now-1h#a", sent: "https://grafana.example/d/x?from=now-1h#a" },
    { link: "http://192.168.1.5:3000/", sent: "http://192.168.1.5:3000/" },
    { link: "https://a.example/b c", sent: "https://a.example/b%20c" },
    { link: 'https://a.example/{"x"}|^', sent: "https://a.example/%7B%22x%22%7D%7C%5E" },
    { link: "https://bücher.example/ü", sent: "https://xn--bcher-kva.example/%C3%BC" },
    { link: "HTTPS://A.example", sent: "HTTPS://A.example" },
    { link: "https:a.example", sent: "https://a.example/" },
  ])("takes $link", ({ link, sent }) => {
    expect(usableLink(link)).toBe(sent);
  });

  it.each([
    { why: "no dot in the host", link: "http://grafana:3000/d/x" },
    { why: "a dot only at the end", link: "http://localhost./" },
    { why: "an address without dots", link: "http://[::1]:3000/" },
    { why: "a space in the host", link: "https://a b.example/" },
    { why: "no scheme", link: "a.example/b" },
    { why: "another scheme", link: "javascript:alert('a.b')" },
    { why: "a port that is none", link: "https://a.example:99999/" },
    { why: "an empty text", link: "" },
    { why: "too long a text", link: `https://a.example/${"x".repeat(2_031)}` },
    { why: "a text that is too long once encoded", link: `https://a.example/${"ü".repeat(400)}` },
  ])("refuses $why", ({ link }) => {
    expect(usableLink(link)).toBeNull();
  });

  it("takes 2,048 characters", () => {
    const link = `https://a.example/${"x".repeat(2_030)}`;
    expect(usableLink(link)).toBe(link);
  });
});

describe("usablePicture", () => {
  it("takes a picture among the files, and links", () => {
    expect(usablePicture("attachment://a.PNG", ["a.PNG"])).toBe("attachment://a.PNG");
    expect(usablePicture("https://a.example/b.png", [])).toBe("https://a.example/b.png");
  });

  it("refuses files that are not there or no pictures", () => {
    expect(usablePicture("attachment://a.png", ["b.png"])).toBeNull();
    expect(usablePicture("attachment://a.svg", ["a.svg"])).toBeNull();
  });
});
