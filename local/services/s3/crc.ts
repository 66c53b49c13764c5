// crc: the two cyclic redundancy checks that Node does not bring along, both reflected, as S3 uses them.
//
// CRC-32C, polynomial 1EDC6F41: RFC 3720, appendix B.4. CRC-64/NVME, polynomial AD93D23594C93659: NVM Express NVM Command
// Set Specification 1.0c, 5.2.1.3.4. https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html

/** Goes on from `previous`, the result for the bytes before. */
export function crc32c(data: Uint8Array, previous = 0): number {
  let crc = ~previous;
  for (const byte of data) crc = (crc >>> 8) ^ (table32c[(crc ^ byte) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** A 64-bit value as two words, because a BigInt is some fifty times slower. */
export type Words = readonly [high: number, low: number];

export function crc64nvme(data: Uint8Array, previous: Words = [0, 0]): Words {
  let high = ~previous[0];
  let low = ~previous[1];
  for (const byte of data) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (low64[index] ?? 0);
    high = (high >>> 8) ^ (high64[index] ?? 0);
  }
  return [~high >>> 0, ~low >>> 0];
}

const table32c = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

const table64 = Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x9a6c9329ac4bc9b5n : crc >> 1n;
  return crc;
});
const low64 = Int32Array.from(table64, (crc) => Number(BigInt.asIntN(32, crc)));
const high64 = Int32Array.from(table64, (crc) => Number(BigInt.asIntN(32, crc >> 32n)));
