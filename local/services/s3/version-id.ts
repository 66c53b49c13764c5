// version-id: a version's id holds its place in the order of writing, so that a listing can go on behind a version that has
// been deleted meanwhile.

import { randomBytes } from "node:crypto";

export function versionIdOf(sequence: number): string {
  const id = randomBytes(24);
  id.writeBigUInt64BE(BigInt(sequence), 16);
  return id.toString("base64url");
}

export const sequenceOf = (versionId: string): number | undefined =>
  /^[\w-]{32}$/.test(versionId) ? Number(Buffer.from(versionId, "base64url").readBigUInt64BE(16)) : undefined;
