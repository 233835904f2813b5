import { expect, it } from "vitest";
import { createArrivals } from "./arrivals.ts";
import { aMessage, anExchange } from "./message.fixture.ts";

it("counts messages, the notices in them by title, and answers by kind", () => {
  const arrivals = createArrivals();
  arrivals.add(anExchange({ message: aMessage({ embeds: [{ title: "Order 1" }, { title: "Order \\_2\\_" }] }) }));
  arrivals.add(anExchange({ message: aMessage({ embeds: [{ title: "Order 1" }] }) }));
  arrivals.add(anExchange({ status: 429, message: null }));
  arrivals.add(anExchange({ status: 404, message: null }));
  arrivals.add(anExchange({ status: null, message: null }));
  arrivals.add(anExchange({ status: 500, message: null, isFault: true }));
  arrivals.add(anExchange({ method: "GET", message: null }));
  expect([...arrivals.titles]).toEqual([
    ["Order 1", 2],
    ["Order _2_", 1],
  ]);
  expect(arrivals).toMatchObject({ messages: 2, embeds: 3, rateLimited: 1, refused: 2, faults: 1 });
});
