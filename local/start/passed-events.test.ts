import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../door/journal";
import { passedEvents } from "./passed-events";

const entry = (operation: string, resource: string, rules?: readonly string[]): Entry => ({
  at: "2026-01-01T00:00:00.000Z",
  service: "events",
  operation,
  principal: operation === "Event" ? "shop" : "events.amazonaws.com",
  resource,
  outcome: "ok",
  ms: 0,
  ...(rules === undefined ? {} : { detail: { rules } }),
});

test("passedEvents() counts events by type, and what became of them by the rules that they met", () => {
  const passed = passedEvents([
    entry("Event", "Sold", ["rule/a", "rule/b"]),
    entry("Deliver", "rule/a queue"),
    entry("Retry", "rule/b queue"),
    entry("DeadLetter", "rule/b queue"),
    entry("Event", "Sold", ["rule/a", "rule/b"]),
    entry("Deliver", "rule/a queue"),
    entry("Deliver", "rule/b queue"),
    entry("Event", "Unheard", []),
    { ...entry("Event", "Other"), service: "scheduler" },
  ]);
  assert.deepEqual(passed, [
    { detailType: "Unheard", source: "shop", events: 1, deliveries: 0, retries: 0, deadLetters: 0 },
    { detailType: "Sold", source: "shop", events: 2, deliveries: 3, retries: 1, deadLetters: 1 },
  ]);
});
