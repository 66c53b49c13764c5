import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32c, crc64nvme } from "./crc";

const check = Buffer.from("123456789"); // the check value that every catalogue of CRCs gives

test("crc32c() and crc64nvme() give their published check values, whole and in two steps", () => {
  assert.equal(crc32c(check), 0xe3069283);
  assert.equal(crc32c(check.subarray(4), crc32c(check.subarray(0, 4))), 0xe3069283);
  const expected = [0xae8b1486, 0x0a799888];
  assert.deepEqual(crc64nvme(check), expected);
  assert.deepEqual(crc64nvme(check.subarray(4), crc64nvme(check.subarray(0, 4))), expected);
});
