import assert from "node:assert/strict";
import { test } from "node:test";
import { fittingCaption } from "./caption";
import { fitting, widthOf } from "./look";

const metrics = { mase: 0.8, benchmarkMase: 1, coverage80: 0.79, coverage95: 0.96 };

test("fittingCaption() says less where there is less room, and the error last of all", () => {
  const captions = [
    "Theta \u00b7 MASE 0.80, benchmark 1.00, 20 % less error \u00b7 80 % band held 79 % \u00b7 95 % band held 96 %",
    "Theta \u00b7 MASE 0.80, benchmark 1.00, 20 % less error \u00b7 80 % band held 79 %",
    "Theta \u00b7 MASE 0.80, benchmark 1.00, 20 % less error",
    "Theta \u00b7 MASE 0.80, benchmark 1.00",
    "The\u2026 \u00b7 MASE 0.80, benchmark 1.00",
  ];
  for (const caption of captions) {
    assert.equal(fittingCaption({ method: "Theta", metrics }, widthOf(caption, 11) + 0.01, 11), caption);
  }
});

test("fitting() shortens between letters as people see them, and never beyond the room", () => {
  assert.equal(fitting("Sales", 100, 10), "Sales");
  assert.equal(fitting("Sales of all the shops", 50, 10), "Sales o\u2026");
  const family = "\u{1F468}\u200D\u{1F469}\u200D\u{1F467}";
  assert.equal(fitting(family.repeat(9), 35, 10), `${family.repeat(2)}\u2026`);
  assert.ok(widthOf("bold", 10, "bold") > widthOf("bold", 10));
  for (let width = 11; width < 200; width++)
    assert.ok(widthOf(fitting("Sales of all the shops", width, 10), 10) <= width);
});
