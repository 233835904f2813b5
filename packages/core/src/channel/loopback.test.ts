import { expect, it } from "vitest";
import { isLoopback } from "./loopback.ts";

it.each(["localhost", "LOCALHOST.", "mail.localhost", "127.0.0.1", "127.8.9.10", "::1", "[::1]"])(
  "%s is this machine",
  (host) => {
    expect(isLoopback(host)).toBe(true);
  },
);

it.each(["localhost.example.org", "notlocalhost", "127.0.0.1.nip.io", "128.0.0.1", "10.0.0.1", "::2", ""])(
  "%s is not",
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
