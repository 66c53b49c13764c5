// upload-id: by what an upload is known from its request on.

import { createHash, randomBytes } from "node:crypto";
import type { Seller } from "../../schemas/seller";

/** In the order of time: version 7 of RFC 9562. */
export function newUploadId(now = Date.now()): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  return uuid(bytes, 7);
}

/** The same for the same: version 8 of RFC 9562, of a hash. */
export const repeatedUploadId = (seller: Seller, idempotencyKey: string, file: string): string =>
  uuid(
    createHash("sha256")
      .update(JSON.stringify([seller, idempotencyKey, file]))
      .digest()
      .subarray(0, 16),
    8,
  );

function uuid(bytes: Buffer, version: number): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | (version << 4), 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
