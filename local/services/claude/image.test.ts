// Images that the API refuses, and those that are not imitated, each in words that say what is wrong.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Asking, asking, form, image } from "./analyze-image/analysis-fixture";
import { bitmapOf, drawings, encoded } from "./analyze-image/drawn-pictures";

let asks: Asking;

before(async () => {
  asks = await asking();
});
after(() => asks.end());

test("an image that cannot be decoded is refused, wherever it ends", async () => {
  const portrait = bitmapOf(drawings.portrait, 600, 800);
  for (const type of ["image/jpeg", "image/png"] as const) {
    const bytes = await encoded(portrait, type);
    for (const kept of [4, 40, bytes.length / 10, bytes.length / 2, bytes.length - 10]) {
      assert.match(
        await asks.refusalOf([image(bytes.subarray(0, kept), type)]),
        /^Could not process image$/,
        `${type} ${kept}`,
      );
    }
  }
  const wrong = await encoded(portrait, "image/png");
  wrong[wrong.length >> 1] = (wrong[wrong.length >> 1] ?? 0) ^ 0xff;
  assert.equal(await asks.refusalOf([image(wrong, "image/png")]), "Could not process image");
  assert.equal(
    await asks.refusalOf([image(Buffer.from("a text named .jpg"), "image/jpeg")]),
    "Could not process image",
  );
});

test("an image that is not what its request says is refused in the words of the API", async () => {
  const png = await encoded(
    bitmapOf(() => [1, 2, 3], 20, 20),
    "image/png",
  );
  const data = png.toString("base64");
  const source = "messages.0.content.0.image.source";
  for (const [sent, says] of [
    [
      { type: "base64", media_type: "image/jpeg", data },
      `${source}.base64: The image was specified using the image/jpeg media type, but the image appears to be a image/png image`,
    ],
    [
      { type: "base64", media_type: "image/bmp", data },
      `${source}.base64.media_type: Input should be 'image/jpeg', 'image/png', 'image/gif' or 'image/webp'`,
    ],
    [
      { type: "base64", media_type: "image/gif", data },
      `${source}.base64.media_type: image/gif is not imitated offline: image/jpeg and image/png are`,
    ],
    [{ type: "base64", media_type: "image/png", data: "" }, `${source}.base64.data: image cannot be empty`],
    [{ type: "base64", media_type: "image/png", data: "no base64!" }, `${source}.base64.data: invalid base64 data`],
    [{ type: "url", url: "https://example.com/a.png" }, `${source}.url: is not imitated offline: base64 is`],
    [{ type: "file", file_id: "file_1" }, `${source}.file: is not imitated offline: base64 is`],
    [
      { type: "base64", media_type: "image/png", data: "A".repeat(10 * 1_024 * 1_024 + 4) },
      `${source}.base64: image exceeds 10 MB maximum: 10485764 bytes > 10485760 bytes`,
    ],
  ] as const) {
    assert.equal(await asks.refusalOf([{ type: "image", source: sent }]), says);
  }
});

test("an image with more pixels than are taken is refused by its header, before it is decoded", async () => {
  const sized = (width: number, height: number) => {
    const header = Buffer.alloc(33);
    header.set(Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"));
    header.writeUInt32BE(width, 16);
    header.writeUInt32BE(height, 20);
    header.set([8, 2], 24);
    return [image(header, "image/png")];
  };
  const place = "messages.0.content.0.image.source.base64.data";
  const tooLong = `${place}: At least one of the image dimensions exceed max allowed size: 8000 pixels`;
  assert.equal(await asks.refusalOf(sized(50_000, 50_000)), tooLong);
  assert.equal(await asks.refusalOf(sized(8_001, 1)), tooLong);
  assert.match(await asks.refusalOf(sized(8_000, 8_000)), /8000x8000 is not imitated offline: 16 megapixels are/);
});

test("there is one image, of the user, and the form is one that the API can hold an answer to", async () => {
  const bytes = await encoded(
    bitmapOf(() => [1, 2, 3], 20, 20),
    "image/png",
  );
  const one = image(bytes, "image/png");
  assert.match(await asks.refusalOf([one, one]), /"analyze-image" is imitated offline with 1 image: 2 were found/);
  assert.match(await asks.refusalOf("Describe it."), /with 1 image: 0 were found/);
  const told = [
    { role: "assistant", content: [one] },
    { role: "user", content: [one] },
  ];
  assert.match(
    await asks.refusalOf([], { messages: told }),
    /^messages\.0\.content\.0: image of the assistant is not imitated/,
  );
  assert.match(
    await asks.refusalOf([{ type: "document", source: {} }]),
    /^messages\.0\.content\.0: document is not imitated/,
  );
  for (const [property, says] of [
    [{ type: "string", maxLength: 9 }, "For 'string' type, property 'maxLength' is not supported"],
    [{ type: "number", minimum: 0, maximum: 1 }, "For 'number' type, properties maximum, minimum are not supported"],
    [
      { type: "array", items: { type: "string", minLength: 1 } },
      "For 'string' type, property 'minLength' is not supported",
    ],
    [{ type: "array", minItems: 2 }, "For 'array' type, 'minItems' values other than 0 or 1 are not supported"],
    [{ type: "object", properties: {} }, "For 'object' type, 'additionalProperties' must be explicitly set to false"],
  ] as const) {
    const schema = { ...form, properties: { ...form.properties, mood: property } };
    const output_config = { format: { type: "json_schema", schema } };
    assert.equal(await asks.refusalOf([one], { output_config }), `output_config.format.schema: ${says}`);
  }
});
