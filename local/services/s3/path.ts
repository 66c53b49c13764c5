// path: where in the readable tree an object lies, so that a person can open it with other tools.
//
// Most keys are their own path. What a file system would take for something else is percent-encoded, or replaced by a hash
// where it is too long. Two keys may so meet in one path: the tree then gives the second a path by its hash.

import { createHash } from "node:crypto";
import { join } from "node:path";

/** Never leaves `bucket`: a segment cannot be empty, `.` or `..`, and holds no separator. */
export const readablePath = (bucket: string, key: string) => join(bucket, ...key.split("/").map(segment));

export const hashedPath = (bucket: string, key: string) => join(bucket, "%hashed", sha256(key));

/** Equal for paths that are one path on a file system that ignores case and normalizes Unicode, as macOS does. */
export const foldedPath = (path: string) => path.normalize("NFC").toLowerCase();

function segment(text: string): string {
  const safe = text
    .replace(/^\.{1,2}$|^ | $|\.$|[\p{Cc}\\*?"<>|:]/gu, (unsafe) => [...unsafe].map(percent).join(""))
    .replace(/^$/, "%2F");
  // 255 bytes is what most file systems allow a name.
  if (Buffer.byteLength(safe) <= 240) return safe;
  return `${[...safe].slice(0, 40).join("")}%${sha256(text).slice(0, 32)}`;
}

const percent = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
