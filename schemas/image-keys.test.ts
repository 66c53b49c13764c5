import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { imageKeyOf, isThumbnailKey, thumbnailKey } from "./image-keys";

test("imageKeyOf() reads whose picture it is, and which", () => {
  for (const [key, expected] of [
    ["user456/item123.jpg", ["user456", "item123", "item123.jpg", "image/jpeg"]],
    ["u/IMG 1+2.JPEG", ["u", "IMG 1+2", "IMG 1+2.JPEG", "image/jpeg"]],
    ["a@b.example/Müller + Söhne 1.png", ["a@b.example", "Müller + Söhne 1", "Müller + Söhne 1.png", "image/png"]],
    ["u/two.dots.png", ["u", "two.dots", "two.dots.png", "image/png"]],
    ["u/東京 🗼.PnG", ["u", "東京 🗼", "東京 🗼.PnG", "image/png"]],
  ] as const) {
    const found = imageKeyOf(key);
    assert.deepEqual(found && [found.userId, found.itemId, found.filename, found.mime], expected, key);
  }
});

test("imageKeyOf() takes no key that is of nobody, leads elsewhere or names no picture", () => {
  for (const [key, why] of [
    ["item123.jpg", "nobody's"],
    ["/item123.jpg", "nobody's"],
    ["u/", "no file"],
    ["u/.jpg", "no name"],
    ["u/item123.gif", "another type"],
    ["u/item123.jpg.exe", "another type"],
    ["u/jpg", "no ending"],
    ["u/album/item123.jpg", "a folder"],
    ["u/thumbnails/item123.jpg", "a thumbnail"],
    ["../item123.jpg", "a way up"],
    ["u/../v.jpg", "a way up"],
    ["u/...jpg", "begins with a dot"],
    ["u/a\u0000.jpg", "a control character"],
    ["u/a\n.jpg", "a line end"],
    ["u/a\u202Egpj.jpg", "written backwards"],
    ["u/a\\b.jpg", "a way of Windows"],
    ["u;drop/a.jpg", "no user"],
    [`u/${"x".repeat(201)}.jpg`, "a long name"],
    [`${"u".repeat(129)}/a.jpg`, "a long user"],
  ] as const) {
    assert.equal(imageKeyOf(key), undefined, `${why}: ${key}`);
  }
});

test("a thumbnail's key is below its user's and is known as one", () => {
  const key = imageKeyOf("user456/item123.jpg");
  assert.ok(key);
  assert.equal(thumbnailKey(key), "user456/thumbnails/item123.jpg");
  assert.ok(isThumbnailKey(thumbnailKey(key)));
  assert.ok(!isThumbnailKey("thumbnails/a.jpg"));
  assert.ok(!isThumbnailKey("u/thumbnails"));
});

test("whatever key there is, its item and its thumbnail stay its user's", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.string({ unit: "binary", maxLength: 60 }),
      (user, file) => {
        const found = imageKeyOf(`${user}/${file}.png`);
        if (found === undefined) return;
        assert.deepEqual([found.userId, found.filename, `${found.itemId}.png`], [user, `${file}.png`, `${file}.png`]);
        assert.deepEqual(thumbnailKey(found).split("/"), [user, "thumbnails", `${file}.png`]);
      },
    ),
    { numRuns: 2_000 },
  );
});
