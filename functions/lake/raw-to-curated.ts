// raw-to-curated: one raw Parquet file in; its good rows in the curated tables, the others aside.
//
//   in    s3  raw         raw/{table}/*.parquet                          a table of schemas/tables.ts, as the shop exports it
//   out   s3  curated     curated/{table}/dt=YYYY-MM-DD/{table}.parquet  the newest version of each row, protected
//         s3  quarantine  rows/{raw key}/{version}.ndjson                rows that break a rule: number, fields, reasons
//         s3  quarantine  files/{raw key}/{version} + .problem.json      a file that is no such table, whole
//         dynamodb        audit                                          rows in = rows out + duplicates + quarantined
//
// A bad row never stops a file, and a bad file never a row of another. A failed read or write throws: Lambda tries the event
// twice more, then it waits in the dead-letter queue. Twice is the same as once, and so is late or out of order, because the
// newest version of a row wins over any other wherever it meets it.

import { createWriteStream } from "node:fs";
import { mkdtemp, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Logger } from "@aws-lambda-powertools/logger";
import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { marshall } from "@aws-sdk/util-dynamodb";
import type * as aws from "@pulumi/aws";
import type { Context, S3Event } from "aws-lambda";
import type { Audit } from "../../schemas/audit";
import { protectionMacros } from "../../schemas/protection";
import { tableNamed } from "../../schemas/tables";
import type { DataBucket } from "../../stage/data-bucket";
import { openDuckDB } from "../../stage/duckdb";
import { environment } from "../../stage/environment";
import { list, read, record, reveal, write } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { objectCreated } from "../../stage/triggers";
import { type BadFile, badFile, isBadFile } from "./raw-to-curated/bad-file";
import { mergePartitions } from "./raw-to-curated/curated-partitions";
import { brokenRows, quarantineLines, rawView, repeatedKeys, stagedRows } from "./raw-to-curated/curation-sql";
import { inspectParquet } from "./raw-to-curated/parquet-file";
import { keepRows, keepWhole } from "./raw-to-curated/quarantine";

interface Ground {
  readonly platform: Platform;
  readonly raw: DataBucket;
  readonly curated: DataBucket;
  readonly quarantine: DataBucket;
  readonly cardKey: aws.secretsmanager.Secret;
}

export const rawToCurated = ({ platform, raw, curated, quarantine, cardKey }: Ground) =>
  stage(platform, "raw-to-curated", factory, {
    // Every key, not only raw/*.parquet: what nobody is told of would be lost without a word.
    on: [objectCreated(raw)],
    may: [
      read(raw),
      list(curated),
      read(curated, "curated/"),
      write(curated, "curated/"),
      write(quarantine),
      reveal(cardKey),
      record(platform.audit),
    ],
    env: {
      CURATED_BUCKET: curated.bucket,
      QUARANTINE_BUCKET: quarantine.bucket,
      AUDIT_TABLE: platform.audit.name,
      CARD_TOKEN_SECRET: cardKey.arn,
    },
    memory: 3_072,
    timeout: 900,
    disk: 10_240,
    layers: [platform.duckdb],
  });

/** Thirteen years of days: what fifteen minutes are enough to merge. */
const mostPartitions = 5_000;

/** HMAC-SHA256 takes a key of any length; one that can be guessed would give the card numbers away. */
const shortestKey = 32;

/** A raw object version, as S3's event names it. */
export interface RawObject {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
}

/** What came of one raw object: the part of its audit row that only the work itself knows. */
type Outcome = Pick<
  Audit,
  "outcome" | "table" | "rowsIn" | "rowsOut" | "duplicates" | "quarantined" | "outputs" | "error"
>;

export const factory = () => {
  const { CURATED_BUCKET, QUARANTINE_BUCKET, AUDIT_TABLE, CARD_TOKEN_SECRET } = environment(
    "CURATED_BUCKET",
    "QUARANTINE_BUCKET",
    "AUDIT_TABLE",
    "CARD_TOKEN_SECRET",
  );
  const s3 = new S3Client({});
  const dynamodb = new DynamoDBClient({});
  const logger = new Logger();

  async function outcomeOf(raw: RawObject): Promise<Outcome> {
    // What the console makes where somebody creates a folder.
    if (raw.size === 0 && raw.key.endsWith("/")) return { outcome: "skipped", outputs: [] };
    const directory = await mkdtemp(`${tmpdir()}/curate-`);
    try {
      return await curate(raw, directory);
    } catch (error) {
      if (!isBadFile(error)) throw error;
      return await reject(raw, error);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async function curate(raw: RawObject, directory: string): Promise<Outcome> {
    const name = tableOf(raw.key);
    const table = tableNamed(name);
    if (table === undefined) {
      const found =
        name === "" ? "its key is not raw/{table}/{file}" : `there is no table "${name}" in schemas/tables.ts`;
      throw badFile("UnknownTable", found);
    }
    const file = await download(raw, directory);

    const duckdb = await openDuckDB(directory);
    try {
      const connection = await duckdb.connect();
      const count = async (sql: string) => Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0]);
      const rowsIn = await inspectParquet(connection, file, table);

      const key = await getSecret(CARD_TOKEN_SECRET, { maxAge: 3_600 });
      if (typeof key !== "string" || key.length < shortestKey) {
        throw new Error(
          `Cannot protect card numbers: secret "${CARD_TOKEN_SECRET}" has no text of ${shortestKey} characters or more`,
        );
      }
      for (const macro of protectionMacros(key)) await connection.run(macro);
      await connection.run(rawView(table, file));
      await connection.run(brokenRows(table));
      await connection.run(repeatedKeys(table));
      await connection.run(stagedRows(table, raw));

      const staged = await count("SELECT count(*) FROM staged");
      const repeats = await count("SELECT coalesce(sum(copies - 1), 0) FROM repeated");
      const quarantined = await count("SELECT count(*) FROM broken");
      if (rowsIn !== staged + repeats + quarantined) {
        throw new Error(
          `Cannot account for every row of "${raw.key}": ` +
            `${rowsIn} in, but ${staged} good, ${repeats} repeated and ${quarantined} broken`,
        );
      }
      const partitions = await count("SELECT count(DISTINCT dt) FROM staged");
      if (partitions > mostPartitions) {
        const most = `${mostPartitions} are the most: export it in parts`;
        throw badFile("TooLarge", `its rows fall into ${partitions} partitions, and ${most}`);
      }
      const outputs: string[] = [];
      if (quarantined > 0) {
        const lines = `${directory}/quarantine.ndjson`;
        await connection.run(quarantineLines(table, raw, lines));
        const to = await keepRows(s3, raw, QUARANTINE_BUCKET, lines);
        outputs.push(`${QUARANTINE_BUCKET}/${to}`);
      }
      const prefix = `curated/${name}/`;
      const merge = { s3, duckdb, bucket: CURATED_BUCKET, prefix, name, table, source: raw, directory };
      const { rowsOut, written } = await mergePartitions(merge);
      if (written.length > 0) outputs.push(`${CURATED_BUCKET}/${prefix}`);
      return {
        outcome: "curated",
        table: name,
        rowsIn,
        rowsOut,
        duplicates: repeats + staged - rowsOut,
        quarantined,
        outputs,
      };
    } finally {
      duckdb.closeSync();
    }
  }

  async function download({ bucket, key, version }: RawObject, directory: string): Promise<string> {
    const { Body, ContentLength = 0 } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: version }),
    );
    const { bavail, bsize } = await statfs(directory);
    if (ContentLength > bavail * bsize) {
      throw badFile(
        "TooLarge",
        `it has ${ContentLength} bytes and /tmp has room for ${bavail * bsize}: export it in parts`,
      );
    }
    const file = `${directory}/raw.parquet`;
    await pipeline(Body as Readable, createWriteStream(file));
    return file;
  }

  /** Keeps the file whole, as it came, with the reason beside it. */
  async function reject(raw: RawObject, error: BadFile): Promise<Outcome> {
    const problem = { code: error.code, message: `Cannot curate "${raw.key}": ${error.message}` };
    const to = await keepWhole(s3, raw, QUARANTINE_BUCKET, problem);
    return { outcome: "rejected", outputs: [`${QUARANTINE_BUCKET}/${to}`], error: problem };
  }

  async function audit(raw: RawObject, outcome: Outcome, startedAt: string, requestId: string): Promise<Audit> {
    const row: Audit = {
      object: `${raw.bucket}/${raw.key}`,
      versionAndStage: `${raw.version}#raw-to-curated`,
      stage: "raw-to-curated",
      ...outcome,
      requestId,
      startedAt,
      endedAt: new Date().toISOString(),
    };
    await dynamodb.send(
      new PutItemCommand({ TableName: AUDIT_TABLE, Item: marshall(row, { removeUndefinedValues: true }) }),
    );
    return row;
  }

  return async (event: S3Event, { awsRequestId }: Context): Promise<Audit[]> => {
    const rows: Audit[] = [];
    for (const raw of rawObjects(event)) {
      const startedAt = new Date().toISOString();
      const outcome = await outcomeOf(raw);
      const row = await audit(raw, outcome, startedAt, awsRequestId);
      if (row.outcome === "rejected") logger.warn("Rejected a raw file", { ...row });
      else logger.info(row.outcome === "curated" ? "Curated a raw file" : "Skipped a raw object", { ...row });
      rows.push(row);
    }
    return rows;
  };
};

/** The objects that an S3 event speaks of. Their keys come encoded as in a form: `+` is a space. */
export const rawObjects = ({ Records }: S3Event): RawObject[] =>
  Records.map(({ s3: { bucket, object } }) => ({
    bucket: bucket.name,
    key: decodeURIComponent(object.key.replaceAll("+", " ")),
    // Without one it is an object from before the bucket was versioned.
    version: object.versionId ?? "null",
    size: object.size,
  }));

/** The table that a raw key names: `raw/{table}/...`, or nothing. */
export const tableOf = (key: string): string => /^raw\/([^/]+)\/./s.exec(key)?.[1] ?? "";
