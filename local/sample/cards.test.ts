import assert from "node:assert/strict";
import { test } from "node:test";
import { cardOf, passesLuhn, spelled } from "./cards";
import { xoshiro128 } from "./xoshiro128";

test("passesLuhn() tells the numbers that the brands publish for tests from mistyped ones", () => {
  for (const good of ["4111111111111111", "378282246310005", "30569309025904", "4222222222222", "6200000000000005"]) {
    assert.ok(passesLuhn(good), good);
  }
  for (const bad of ["4012888888881882", "36168002586008", "4111111111111112"]) assert.ok(!passesLuhn(bad), bad);
});

test("spelled() writes a number in the groups of its brand and loses no digit", () => {
  const visa = { brand: "visa", number: "4111111111111111", cvv: "123" };
  assert.equal(spelled(visa, " "), "4111 1111 1111 1111");
  assert.equal(spelled({ ...visa, brand: "amex", number: "378282246310005" }, "-"), "3782-822463-10005");
  const random = xoshiro128(1, "cards.test");
  for (let i = 0; i < 500; i++) {
    const card = cardOf(random);
    assert.ok(passesLuhn(card.number), card.number);
    assert.equal(spelled(card, " ").replaceAll(" ", ""), card.number);
    assert.equal(card.cvv.length, card.brand === "amex" ? 4 : 3);
  }
});
