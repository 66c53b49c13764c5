import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { knownPictures } from "./known-pictures";

test("a picture is known again by its name and its bytes, over starts", (t) => {
  const directory = mkdtempSync(join(tmpdir(), "known-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const [cat, dog] = [Buffer.from("cat"), Buffer.from("dog")];
  knownPictures(directory).add("item-1", "Müller 1.png", cat);
  const later = knownPictures(directory);
  assert.equal(later.find("Müller 1.png", cat), "item-1");
  assert.equal(later.find("Müller 1.png", dog), undefined);
  assert.equal(later.find("other.png", cat), undefined);
  assert.deepEqual([later.fileOf("item-1"), later.fileOf("item-2")], ["Müller 1.png", undefined]);
});
