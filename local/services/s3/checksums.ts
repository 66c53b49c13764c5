// checksums: the checksums that S3 keeps beside an object, under the names that headers and XML give them.
//
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html

import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { crc32c, crc64nvme, type Words } from "./crc";
import { invalidRequest, notImplemented, s3Error } from "./errors";
import type { Request } from "./request";

export const algorithms = ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const;
export type Algorithm = (typeof algorithms)[number];
export type ChecksumType = "FULL_OBJECT" | "COMPOSITE";

export interface Checksum {
  readonly algorithm: Algorithm;
  readonly type: ChecksumType;
  /** base64, with `-parts` behind it where it is composite. */
  readonly value: string;
}

/** What S3 computes of an object that came without a checksum. */
export const defaultAlgorithm = "CRC64NVME" satisfies Algorithm;

export const headerOf = (algorithm: Algorithm) => `x-amz-checksum-${algorithm.toLowerCase()}`;

export const checksumHeaders = (checksum: Checksum | undefined): Readonly<Record<string, string>> =>
  checksum === undefined
    ? {}
    : { [headerOf(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": checksum.type };

export const checksumElements = (checksum: Checksum | undefined): Readonly<Record<string, string>> =>
  checksum === undefined ? {} : { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };

export function algorithmNamed(name: string): Algorithm {
  const algorithm = algorithms.find((each) => each === name.toUpperCase());
  if (algorithm === undefined) throw notImplemented(`checksum algorithm ${name}`);
  return algorithm;
}

/** The checksum that the request announces; its value is undefined where it comes as a trailer. */
export function announcedChecksum(request: Request): { algorithm: Algorithm; value: string | undefined } | undefined {
  const trailer = request.parameter("x-amz-trailer");
  const named = request.parameters("x-amz-checksum-").filter(([name]) => !["algorithm", "type", "mode"].includes(name));
  if (named.length + (trailer === undefined ? 0 : 1) > 1)
    throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
  if (trailer !== undefined) {
    const [, name] = /^x-amz-checksum-(\w+)$/.exec(trailer) ?? [];
    if (name === undefined) throw invalidRequest("The value specified in the x-amz-trailer header is not supported");
    return { algorithm: algorithmNamed(name), value: undefined };
  }
  const [first] = named;
  if (first === undefined) return undefined;
  const algorithm = algorithmNamed(first[0]);
  if (Buffer.from(first[1], "base64").length !== lengths[algorithm])
    throw invalidRequest(`Value for ${headerOf(algorithm)} header is invalid.`);
  return { algorithm, value: first[1] };
}

export const badChecksum = (algorithm: Algorithm) =>
  s3Error("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`);

const lengths: Readonly<Record<Algorithm, number>> = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, SHA1: 20, SHA256: 32 };

export interface Digest {
  update(data: Uint8Array): void;
  /** base64 */
  end(): string;
}

export function digest(algorithm: Algorithm): Digest {
  if (algorithm === "SHA1" || algorithm === "SHA256") {
    const hash = createHash(algorithm);
    return { update: (data) => void hash.update(data), end: () => hash.digest("base64") };
  }
  if (algorithm === "CRC64NVME") {
    let words: Words = [0, 0];
    return {
      update(data) {
        words = crc64nvme(data, words);
      },
      end: () => base64(words),
    };
  }
  const step = algorithm === "CRC32" ? crc32 : crc32c;
  let crc = 0;
  return {
    update(data) {
      crc = step(data, crc);
    },
    end: () => base64([crc]),
  };
}

function base64(words: readonly number[]): string {
  const buffer = Buffer.alloc(4 * words.length);
  words.forEach((word, index) => {
    buffer.writeUInt32BE(word, 4 * index);
  });
  return buffer.toString("base64");
}
