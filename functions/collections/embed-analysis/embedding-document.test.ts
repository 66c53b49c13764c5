import assert from "node:assert/strict";
import { test } from "node:test";
import type { Analysis } from "../../../schemas/analysis";
import { embeddingDocument, embeddingSource } from "./embedding-document";

const analysis: Analysis = {
  category: "document",
  summary: "A page of text.",
  objects: ["page", "lines of text"],
  colours: ["white", "black"],
  text: "Invoice 12",
  mood: "",
  confidence: 0.9,
};

test("embeddingDocument() has what is to be seen, a line each, and nothing that is empty", () => {
  assert.equal(
    embeddingDocument(analysis),
    "A page of text.\nCategory: document\nObjects: page, lines of text\nColours: white, black\nText: Invoice 12",
  );
});

test("embeddingDocument() is none where an analysis says nothing", () => {
  // No category is empty in schemas/analysis.ts; what lies in the database may be older than that.
  const empty = { ...analysis, category: " ", summary: "", objects: [], colours: [], text: " " } as unknown as Analysis;
  assert.equal(embeddingDocument(empty), undefined);
});

test("embeddingSource() is all that the document was made of", () => {
  const { confidence, ...source } = analysis;
  assert.deepEqual(embeddingSource(analysis), source);
});
