import assert from "node:assert/strict";
import { test } from "node:test";
import { Analysis, categories } from "../../../schemas/analysis";
import { answerForm } from "./answer-form";

test("the form asks for the fields of an analysis, all of them and no others", () => {
  const fields = Object.keys(Analysis.entries).sort();
  assert.deepEqual(Object.keys(answerForm.properties).sort(), fields);
  assert.deepEqual([...answerForm.required].sort(), fields);
  assert.equal(answerForm.additionalProperties, false);
  assert.deepEqual(answerForm.properties.category.enum, categories);
});
