// audit: one row per object version and stage, in DynamoDB. From any output it leads back to the source, and for every file
// it says where its rows are: rowsIn = rowsOut + duplicates + quarantined.

import * as v from "valibot";
import { ErrorId } from "./feed-error";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const Audit = v.object({
  /** `bucket/key` of the source; of an export, which has no object for a source, of what it wrote. */
  object: v.string(),
  /** `version#stage`: another try overwrites the row of the first, a new version of the object gets its own. */
  versionAndStage: v.string(),
  stage: v.string(),
  /**
   * `curated`: its rows are accounted for. `rejected`: the whole file is in quarantine. `skipped`: nothing in it.
   * `exported`: it came from a table of the source database. `aggregated`: what it holds is in the datasets of a system.
   * `ingested`: a seller's feed is in the database, but for the rows that were rejected. `thumbnailed`, `analyzed`: how far
   * a picture has come.
   */
  outcome: v.picklist([
    "aggregated",
    "analyzed",
    "curated",
    "exported",
    "ingested",
    "rejected",
    "skipped",
    "thumbnailed",
  ]),
  table: v.optional(v.string()),
  rowsIn: v.optional(count),
  rowsOut: v.optional(count),
  duplicates: v.optional(count),
  quarantined: v.optional(count),
  /** `bucket/prefix` of what was written. */
  outputs: v.array(v.string()),
  /** Why it was rejected: code and message. */
  error: v.optional(v.object({ code: v.string(), message: v.string() })),
  /** Of a seller's feed: whose it is, its error, the error that it corrects, and what has corrected its own. */
  seller: v.optional(v.string()),
  errorId: v.optional(ErrorId),
  corrects: v.optional(v.string()),
  resolvedBy: v.optional(v.string()),
  requestId: v.string(),
  startedAt: v.pipe(v.string(), v.isoTimestamp()),
  endedAt: v.pipe(v.string(), v.isoTimestamp()),
});

export type Audit = v.InferOutput<typeof Audit>;
