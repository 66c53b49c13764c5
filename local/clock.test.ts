import assert from "node:assert/strict";
import { test } from "node:test";
import { handClock, systemClock } from "./clock";

test("a hand clock stands still until it is advanced", () => {
  const clock = handClock(1_000);
  assert.equal(clock.now(), 1_000);
  clock.advance(500);
  assert.equal(clock.now(), 1_500);
});

test("a hand clock runs what is due in the order of its times, each at its own", () => {
  const clock = handClock(0);
  const ran: string[] = [];
  const note = (name: string) => () => ran.push(`${name} at ${clock.now()}`);
  clock.after(30, note("third"));
  clock.after(10, () => {
    note("first")();
    clock.after(10, note("second"));
  });
  clock.after(31, note("later"));

  clock.advance(30);

  assert.deepEqual(ran, ["first at 10", "second at 20", "third at 30"]);
  assert.equal(clock.now(), 30);
});

test("what is called off does not run, on either clock", async () => {
  const ran: string[] = [];
  const hand = handClock();
  hand.after(1, () => ran.push("hand"))();
  hand.advance(2);
  const system = systemClock();
  system.after(1, () => ran.push("system"))();
  await new Promise<void>((resolve) => system.after(2, resolve));

  assert.deepEqual(ran, []);
});

test("the waits of a fast system clock pass faster, its time does not", async () => {
  const clock = systemClock(1_000_000);
  const before = Date.now();
  // An hour, which nobody would wait for.
  await new Promise<void>((resolve) => clock.after(3_600_000, resolve));
  assert.ok(clock.now() >= before && clock.now() <= Date.now());
});
