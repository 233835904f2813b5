import { describe, expect, it } from "vitest";
import type { Command } from "../world/commands.ts";
import { INITIAL_OWN, leave, offersFor, stepOwn } from "./own.ts";

function command(name: string, more: Partial<Command> = {}): Command {
  const about = { id: name, applicationId: "1", guildId: null, version: "1", type: 1, defaultMemberPermissions: null };
  return { ...about, name, description: `About ${name}`, options: [], ...more };
}

const add = { type: 1, name: "add", description: "One more", options: [{ type: 3, name: "plant" }] };
const list = { type: 1, name: "list", description: "All" };
const group = { type: 2, name: "plant", options: [add] };

describe("what a slash may become", () => {
  const commands = [command("status"), command("silence", { options: [add, list] }), command("Look", { type: 2 })];

  it.each([
    { draft: "status", offered: [] },
    { draft: "/", offered: ["status", "silence add", "silence list"] },
    { draft: "/SI", offered: ["silence add", "silence list"] },
    { draft: "/silence l", offered: ["silence list"] },
    { draft: "/x", offered: [] },
  ])("$draft: $offered", ({ draft, offered }) => {
    expect(offersFor(draft, commands).map(({ name }) => name)).toEqual(offered);
  });

  it("is asked for the options of the subcommand", () => {
    const [offer] = offersFor("/a", [command("alerts", { options: [group] })]);
    expect(offer).toMatchObject({ name: "alerts plant add", description: "One more", options: [{ name: "plant" }] });
  });
});

it("what was begun in one place is not taken along to another", () => {
  const [offer = null] = offersFor("/status", [command("status")]);
  const begun = stepOwn(stepOwn(INITIAL_OWN, { kind: "become", name: "ada" }), { kind: "offer", offer });
  expect(leave({ ...begun, draft: "hello" })).toEqual({ ...INITIAL_OWN, name: "ada" });
});
