// result: what came of the files, from where the product itself keeps it - the audit table, the buckets, the dead letters.

import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { parse } from "valibot";
import { Audit } from "../../schemas/audit";
import type { Cloud } from "../cloud";

export interface TableResult {
  readonly table: string;
  readonly files: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly duplicates: number;
  readonly quarantined: number;
  /** Files of the curated table as a whole, of this run and earlier ones. */
  readonly partitions: number;
  readonly bytes: number;
}

export interface Rejection {
  readonly object: string;
  readonly code: string;
  readonly message: string;
}

export interface DeadLetter {
  readonly queue: string;
  readonly error: string;
  /** The object whose event it was, where it was one. */
  readonly object?: string;
  /** Of the invocation, to look for in the log. */
  readonly requestId: string;
}

export interface Result {
  readonly tables: readonly TableResult[];
  readonly rejected: readonly Rejection[];
  readonly deadLetters: readonly DeadLetter[];
}

export interface Names {
  readonly curatedBucket: string;
  readonly auditTable: string;
}

/** `since` is ISO 8601: earlier runs on the same data are not counted again. */
export async function resultOf(
  cloud: Cloud,
  s3: S3Client,
  { curatedBucket, auditTable }: Names,
  since: string,
): Promise<Result> {
  const rows = (await auditRows(cloud, auditTable)).filter(({ startedAt }) => startedAt >= since);
  const names = [
    ...new Set(rows.flatMap(({ outcome, table }) => (outcome === "curated" && table ? [table] : []))),
  ].sort();
  const tables = names.map(async (table) => {
    const own = rows.filter((row) => row.outcome === "curated" && row.table === table);
    const sum = (count: (row: Audit) => number | undefined) => own.reduce((total, row) => total + (count(row) ?? 0), 0);
    return {
      table,
      files: own.length,
      rowsIn: sum((row) => row.rowsIn),
      rowsOut: sum((row) => row.rowsOut),
      duplicates: sum((row) => row.duplicates),
      quarantined: sum((row) => row.quarantined),
      ...(await sizeOf(s3, curatedBucket, `curated/${table}/`)),
    };
  });
  const rejected = rows.flatMap(({ object, error }) => (error === undefined ? [] : [{ object, ...error }]));
  return { tables: await Promise.all(tables), rejected, deadLetters: deadLetters(cloud) };
}

async function auditRows({ url, region, operator }: Cloud, table: string): Promise<Audit[]> {
  const client = new DynamoDBClient({ endpoint: url, region, credentials: operator });
  const rows: Audit[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    rows.push(...Items.map((item) => parse(Audit, unmarshall(item))));
  }
  client.destroy();
  return rows;
}

async function sizeOf(client: S3Client, Bucket: string, Prefix: string) {
  let [partitions, bytes] = [0, 0];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    partitions += Contents.length;
    bytes += Contents.reduce((total, { Size = 0 }) => total + Size, 0);
  }
  return { partitions, bytes };
}

interface Envelope {
  readonly requestPayload?: { readonly Records?: readonly { readonly s3?: S3Part }[] };
  readonly requestContext?: { readonly requestId?: string };
  /** Of EventBridge, in a queue of objects. */
  readonly detail?: S3Part;
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string };
}

interface S3Part {
  readonly bucket?: { readonly name?: string };
  readonly object?: { readonly key?: string };
}

const deadLetters = ({ sqs, deadLetterQueues }: Cloud): DeadLetter[] =>
  deadLetterQueues.flatMap(({ name, arn }) =>
    sqs.messages(arn).map(({ body, messageAttributes }) => {
      const { requestContext = {}, responsePayload = {}, requestPayload, detail } = envelopeOf(body);
      const { bucket, object } = requestPayload?.Records?.[0]?.s3 ?? detail ?? {};
      // S3 encodes a key as in a form, EventBridge does not.
      const key = detail === undefined ? decodeURIComponent((object?.key ?? "").replaceAll("+", " ")) : object?.key;
      // A stage says itself what is wrong for good, Lambda in its envelope, and SQS nothing.
      const told = (attribute: string) => messageAttributes[attribute]?.StringValue;
      const { errorType = "Undelivered", errorMessage = "received too often" } = responsePayload;
      return {
        queue: name,
        error: `${told("ErrorCode") ?? errorType}: ${told("ErrorMessage") ?? errorMessage}`,
        requestId: told("RequestId") ?? requestContext.requestId ?? "",
        ...(key ? { object: `${bucket?.name}/${key}` } : {}),
      };
    }),
  );

/** Lambda's envelope; a queue's own dead letters are whatever was sent to the queue. */
function envelopeOf(body: string): Envelope {
  try {
    return JSON.parse(body) as Envelope;
  } catch {
    return {};
  }
}
