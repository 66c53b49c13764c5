// rejected-file: the rows of a feed that break a rule, gathered on /tmp while it is read, and kept as a CSV that its seller
// can correct and send again. It is named after the feed's version, so that twice is the same as once.

import { once } from "node:events";
import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { finished } from "node:stream/promises";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { badFeed } from "../feed/bad-feed";
import type { RejectedRow } from "../feed/read-feed";
import { rejectedCsv } from "../feed/rejected-rows";

/** More than somebody corrects, and less than fills /tmp: in rows, and in bytes of their CSV. */
const most = { rows: 100_000, bytes: 512 * 1_024 * 1_024 };

/** How many rejected rows an error tells of without its file. */
const sampled = 20;

export interface RejectedFile {
  /** Throws a BadFeed where they are too many. */
  add(rows: readonly RejectedRow[]): Promise<void>;
  /** Puts what was gathered, where there is any. */
  keep(): Promise<void>;
  count(): number;
  /** The first ones. */
  sample(): readonly RejectedRow[];
  /** Removes what is on /tmp. */
  end(): Promise<void>;
}

export function rejectedFile(s3: S3Client, target: { readonly Bucket: string; readonly Key: string }): RejectedFile {
  const first: RejectedRow[] = [];
  let count = 0;
  let directory: string | undefined;
  let file: WriteStream | undefined;
  let failure: Error | undefined;
  let csv: ReturnType<typeof rejectedCsv> | undefined;

  return {
    async add(rows) {
      const [one] = rows;
      if (one === undefined) return;
      directory ??= await mkdtemp(`${tmpdir()}/rejected-`);
      file ??= createWriteStream(`${directory}/rows.csv`).on("error", (error) => {
        failure = error;
      });
      if (failure !== undefined) throw failure;
      csv ??= rejectedCsv(Object.keys(one.source));
      const { header, line } = csv;
      const text = (count === 0 ? header : "") + rows.map(line).join("");
      count += rows.length;
      first.push(...rows.slice(0, sampled - first.length));
      if (count > most.rows || file.bytesWritten > most.bytes) {
        throw badFeed(
          "TooManyRejects",
          `Cannot keep ${count} rows that break a rule, as the first: ${reasonOf(first)}`,
        );
      }
      if (!file.write(text)) await once(file, "drain");
    },
    async keep() {
      if (file === undefined) return;
      file.end();
      await finished(file);
      const Body = createReadStream(file.path);
      const ContentLength = file.bytesWritten;
      await s3.send(new PutObjectCommand({ ...target, Body, ContentLength, ContentType: "text/csv; charset=utf-8" }));
    },
    count: () => count,
    sample: () => first,
    async end() {
      file?.destroy();
      if (directory !== undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

const reasonOf = ([row]: readonly RejectedRow[]): string =>
  (row?.problems ?? []).map(({ field, reason }) => `${field} ${reason}`).join("; ");
