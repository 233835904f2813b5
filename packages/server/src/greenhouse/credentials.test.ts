import { expect, it } from "vitest";
import { createPasswordChecker, hashPassword, newPassword } from "./credentials.ts";

it("passwords are long, and never the same", () => {
  const some = Array.from({ length: 100 }, newPassword);
  expect(new Set(some).size).toBe(100);
  expect(some[0]).toMatch(/^[\w-]{32}$/);
});

it("a hash does not hold the password, and is another one each time", async () => {
  const [one, two] = await Promise.all([hashPassword("secret"), hashPassword("secret")]);
  expect(one).toMatch(/^\$7\$1000\$[\w+/]{16}\$[\w+/]{86}==$/);
  expect(one).not.toContain("secret");
  expect(one).not.toBe(two);
});

it("only the right password is right, the first time and from memory", async () => {
  const owner = { passwordHash: await hashPassword("right") };
  const { check } = createPasswordChecker();
  const ask = (password: string) => check(owner, Buffer.from(password));
  expect([await ask("wrong"), await ask(""), await ask("right"), await ask("right")]).toEqual([
    "wrong",
    "wrong",
    "right",
    "right",
  ]);
  expect([await ask("wrong"), await ask("right ")]).toEqual(["wrong", "wrong"]);
});

it("what was verified is not derived again: a storm of reconnects costs next to nothing", async () => {
  const owner = { passwordHash: await hashPassword("right") };
  const { check } = createPasswordChecker({ maxWaiting: 1 });
  await check(owner, Buffer.from("right"));
  // More than may be derived at once, so any that were would be turned away.
  const storm = await Promise.all(Array.from({ length: 1_000 }, () => check(owner, Buffer.from("right"))));
  expect(new Set(storm)).toEqual(new Set(["right"]));
});

it("another password of the same owner makes the one before wrong, also while that is being checked", async () => {
  const owner = { passwordHash: await hashPassword("old") };
  const { check } = createPasswordChecker();
  await check(owner, Buffer.from("old"));
  owner.passwordHash = await hashPassword("new");
  expect([await check(owner, Buffer.from("old")), await check(owner, Buffer.from("new"))]).toEqual(["wrong", "right"]);
  const late = { passwordHash: await hashPassword("old") };
  const next = await hashPassword("new");
  const checking = check(late, Buffer.from("old"));
  late.passwordHash = next;
  expect(await checking).toBe("wrong");
});

it("a storm of guesses is turned away before it occupies the machine", async () => {
  const owner = { passwordHash: await hashPassword("right") };
  const { check } = createPasswordChecker({ maxWaiting: 20 });
  const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => check(owner, Buffer.from(`guess ${i}`))));
  expect(answers.filter((answer) => answer === "busy")).toHaveLength(10);
  expect(await check(owner, Buffer.from("right"))).toBe("right");
});

it.each(["", "none", "scrypt$1024$8$1$AAAA$AAAA", "$7$0$AAAA$AAAA", "$7$101$AAAA$AAAA", "$6$AAAA$AAAA"])(
  "a hash of another kind (%j) lets nobody in",
  async (passwordHash) => {
    const { check } = createPasswordChecker();
    const answer = await check({ passwordHash }, Buffer.from("")).catch(() => "wrong");
    expect(answer).toBe("wrong");
  },
);
