import { describe, expect, it } from "vitest";
import type { Measured } from "../greenhouse/tally.ts";
import { aMessage, anExchange } from "./message.fixture.ts";
import { narrate } from "./narrate.ts";

const MEASURED: Measured = {
  deviceId: "garden-seattle",
  metric: "soil_moisture",
  value: 15,
  label: "2012-01-11",
  sentAt: 1_000,
};
const nothing = (): null => null;
const embed = (title: string, description = "") => ({ title, description });

describe("a line about Discord", () => {
  it("traces a threshold alert to its reading", () => {
    const asked: unknown[] = [];
    const fields = [
      { name: "Metric", value: "soil\\_moisture" },
      { name: "Current", value: "15.0" },
    ];
    const message = aMessage({
      embeds: [{ ...embed("Plant Alert: Fig \\*tree\\*", "Soil Moisture is 15.0, threshold min 20.0"), fields }],
    });
    const line = narrate(anExchange({ channel: "monitoring", message, at: 1_042 }), (...reading) => {
      asked.push(reading);
      return MEASURED;
    });
    expect(asked).toEqual([["Fig *tree*", "soil_moisture", 15]]);
    expect(line).toEqual({
      who: "garden-seattle",
      text:
        "15.0 measured (2012-01-11) → #monitoring (200) 0.04 s later: " +
        '"Plant Alert: Fig *tree*", Soil Moisture is 15.0, threshold min 20.0',
    });
  });

  it("gives an offline alert to the device that it tells of", () => {
    const fields = [{ name: "Device ID", value: "garden-new-york" }];
    const message = aMessage({ embeds: [{ ...embed("Device Offline", "It has gone offline"), fields }] });
    expect(narrate(anExchange({ channel: "monitoring", message }), nothing)).toEqual({
      who: "garden-new-york",
      text: '→ #monitoring (200): "Device Offline", It has gone offline',
    });
  });

  it("counts the notices that share a message", () => {
    const embeds = [embed("Order 1"), embed("Order 2"), embed("Order 3")];
    expect(narrate(anExchange({ message: aMessage({ embeds }) }), nothing)).toEqual({
      who: "Web shop",
      text: '→ #general (200): 3 notices in one message, "Order 1" to "Order 3"',
    });
  });

  it("mentions files and pings, and of the text the first line", () => {
    const attachment = {
      id: "1",
      filename: "a.csv",
      description: null,
      contentType: "text/csv",
      sizeBytes: 1,
      url: "http://localhost/a.csv",
    };
    const message = aMessage({
      content: "@here",
      embeds: [embed("Down", "first line\nsecond line")],
      attachments: [attachment, attachment],
    });
    expect(narrate(anExchange({ message }), nothing).text).toBe(
      '→ #general (200): "Down", first line (with 2 files, pings those who are there)',
    );
  });

  it.each([
    [429, "→ #general (429): the message was not taken"],
    [null, "→ #general (no answer): the message was not taken"],
  ])("does not hide a refusal (%j)", (status, text) => {
    expect(narrate(anExchange({ status, message: null }), nothing)).toEqual({ who: "Discord", text });
  });
});
