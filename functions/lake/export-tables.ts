// export-tables: the tables of the shop's database, as Parquet files in the raw bucket, by the clock.
//
//   in    the database in secret source-database                       PostgreSQL or MySQL: each table of schemas/tables.ts
//   out   s3  raw         raw/{table}/{from}-{to}-{digest}.parquet     what was not exported yet, up to a million rows a file
//         s3  quarantine  rows/raw/{table}/.../export-tables.ndjson    rows with a value that is none of its column's type
//         dynamodb        export-watermarks                            how far the export of each table has come
//         dynamodb        audit                                        rows in = rows out + quarantined, of each file
//
// Twice is the same as once, for raw-to-curated keeps the newest version of each row. A table that fails does not stop the
// others; in the end the run fails with what became of each, and is tried again, each table from its last file on. Of two
// runs at once the second sees that a table's watermark has moved and leaves the table to the first. A run whose time is up
// ends after a file, and the next one goes on.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Logger } from "@aws-lambda-powertools/logger";
import { getSecret } from "@aws-lambda-powertools/parameters/secrets";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { marshall } from "@aws-sdk/util-dynamodb";
import type * as aws from "@pulumi/aws";
import type { Context } from "aws-lambda";
import { array, boolean, optional, picklist, safeParse, strictObject } from "valibot";
import type { Audit } from "../../schemas/audit";
import { type TableName, tableNames, tables } from "../../schemas/tables";
import type { DataBucket } from "../../stage/data-bucket";
import { environment } from "../../stage/environment";
import { record, remember, reveal, write } from "../../stage/permissions";
import { type Placement, trusted } from "../../stage/placement";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { schedule } from "../../stage/triggers";
import { exportProblem } from "./export-tables/export-problem";
import { exportTable, type TableOutcome } from "./export-tables/export-table";
import { keepPosition, readPosition } from "./export-tables/positions";
import { type PartOutcome, shipPart } from "./export-tables/ship-part";
import { openSource, type Source } from "./export-tables/source";
import { readSourceAddress, type SourceAddress } from "./export-tables/source-address";
import { planTable } from "./export-tables/table-plan";

interface Ground {
  readonly platform: Platform;
  readonly raw: DataBucket;
  readonly quarantine: DataBucket;
  /** Holds the connection string, which its owner puts there. */
  readonly source: aws.secretsmanager.Secret;
  readonly watermarks: aws.dynamodb.Table;
  /** A schedule expression. Without one it runs when somebody invokes it. */
  readonly every?: string;
  /** In the network where the source is; without one, the source is reached over the internet. */
  readonly placement?: Placement;
}

export const exportTables = ({ platform, raw, quarantine, source, watermarks, every, placement }: Ground) =>
  stage(platform, "export-tables", factory, {
    on: [schedule(every ?? "rate(1 hour)", { enabled: every !== undefined })],
    may: [reveal(source), write(raw, "raw/"), write(quarantine, "rows/"), remember(watermarks), record(platform.audit)],
    env: {
      // Also where it stands in no network: the source may be an RDS wherever it is.
      ...trusted,
      SOURCE_SECRET: source.arn,
      RAW_BUCKET: raw.bucket,
      QUARANTINE_BUCKET: quarantine.bucket,
      WATERMARK_TABLE: watermarks.name,
      AUDIT_TABLE: platform.audit.name,
    },
    ...(placement ? { placement } : {}),
    memory: 1_024,
    timeout: 900,
    disk: 2_048,
    layers: [platform.duckdb],
  });

/** What one file holds at most: enough for raw-to-curated at a time, and of lines no more than /tmp and memory have room for. */
const partSize = { rows: 1_000_000, bytes: 256 * 1_024 * 1_024 };

/** In milliseconds: what a file takes to be converted, uploaded and told of, with room to spare. */
const lastFile = 90_000;

/** What became of a table. */
export type TableResult = { readonly table: TableName } & (
  | TableOutcome
  | { readonly outcome: "failed"; readonly error: { readonly code: string; readonly message: string } }
);

export interface Exported {
  /** Of the connection string, without credentials. */
  readonly source: string;
  readonly tables: readonly TableResult[];
}

export const factory = () => {
  const { SOURCE_SECRET, RAW_BUCKET, QUARANTINE_BUCKET, WATERMARK_TABLE, AUDIT_TABLE } = environment(
    "SOURCE_SECRET",
    "RAW_BUCKET",
    "QUARANTINE_BUCKET",
    "WATERMARK_TABLE",
    "AUDIT_TABLE",
  );
  const s3 = new S3Client({});
  const dynamodb = new DynamoDBClient({});
  const logger = new Logger();

  async function address(): Promise<SourceAddress> {
    const text = await getSecret(SOURCE_SECRET, { forceFetch: true }).catch((error: Error) => {
      if (!isMissing(error)) throw error;
      throw notConfigured(SOURCE_SECRET, error);
    });
    if (typeof text !== "string" || text.trim() === "") throw notConfigured(SOURCE_SECRET);
    return readSourceAddress(text.trim());
  }

  /** On a connection of its own: what breaks it for one table does not break it for the next. */
  async function exportOne(from: SourceAddress, name: TableName, run: Run): Promise<TableOutcome> {
    const kept = { dynamodb, watermarks: WATERMARK_TABLE, source: from.name, table: name };
    const position = await readPosition(kept);
    const directory = await mkdtemp(`${tmpdir()}/export-`);
    let source: Source | undefined;
    try {
      source = await openSource(from);
      const plan = planTable(name, tables[name], await source.columns(name));
      const shipment = { s3, raw: RAW_BUCKET, quarantine: QUARANTINE_BUCKET, plan, table: tables[name], directory };
      return await exportTable({
        source,
        plan,
        position,
        full: run.full,
        file: `${directory}/part.csv`,
        partSize,
        timeIsUp: run.timeIsUp,
        keep: (next) => keepPosition(kept, next),
        async ship(part, partName) {
          const startedAt = new Date().toISOString();
          const outcome = await shipPart(shipment, part, partName);
          await audit(name, part.rows, outcome, startedAt, run.requestId);
          const outputs = outcome.written.map(({ bucket, key }) => `${bucket}/${key}`);
          return { quarantined: outcome.quarantined, outputs };
        },
      });
    } finally {
      await source?.end();
      await rm(directory, { recursive: true, force: true });
    }
  }

  async function audit(table: string, rowsIn: number, part: PartOutcome, startedAt: string, requestId: string) {
    const { rowsOut, quarantined, written } = part;
    const [{ bucket, key, version }] = written;
    const row: Audit = {
      object: `${bucket}/${key}`,
      versionAndStage: `${version}#export-tables`,
      stage: "export-tables",
      outcome: "exported",
      table,
      rowsIn,
      rowsOut,
      duplicates: 0,
      quarantined,
      outputs: written.map((object) => `${object.bucket}/${object.key}`),
      requestId,
      startedAt,
      endedAt: new Date().toISOString(),
    };
    await dynamodb.send(new PutItemCommand({ TableName: AUDIT_TABLE, Item: marshall(row) }));
  }

  return async (event: unknown, context: Context): Promise<Exported> => {
    const from = await address();
    const asked = readEvent(event);
    const timeIsUp = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - lastFile));
    const run = { full: asked.full, timeIsUp, requestId: context.awsRequestId };
    const results: TableResult[] = [];
    for (const table of asked.tables) {
      const result = await exportOne(from, table, run).then(
        (outcome): TableResult => ({ table, ...outcome }),
        (error): TableResult => ({ table, outcome: "failed", error: told(error) }),
      );
      if (result.outcome === "failed") logger.error("Cannot export a table", { ...result });
      else if (result.undated > 0) logger.warn("Exported a table with rows that have no version", { ...result });
      else logger.info("Exported a table", { ...result });
      results.push(result);
    }
    const failures = results.flatMap((result) => (result.outcome === "failed" ? result.error.message : []));
    if (failures.length > 0) {
      const of = `${failures.length} of ${results.length} tables of ${from.name}`;
      throw exportProblem("ExportFailed", `Cannot export ${of}: ${failures.join("; ")}`);
    }
    return { source: from.name, tables: results };
  };
};

interface Run {
  readonly full: boolean;
  readonly timeIsUp: AbortSignal;
  readonly requestId: string;
}

/** What a run is asked for: the schedule sends `{}`, a person perhaps some tables, or everything whatever was exported. */
export function readEvent(event: unknown): { readonly tables: readonly TableName[]; readonly full: boolean } {
  const Event = strictObject({
    tables: optional(array(picklist(tableNames)), tableNames),
    full: optional(boolean(), false),
  });
  const { success, output, issues } = safeParse(Event, event ?? {});
  if (success) return { tables: tableNames.filter((name) => output.tables.includes(name)), full: output.full };
  const found = issues.map(({ message }) => message).join("; ");
  throw exportProblem(
    "BadEvent",
    `Cannot export what is asked for: ${found}; ask for {"tables": ["orders"], "full": true}`,
  );
}

/** The secret, or a value in it. */
const isMissing = ({ name, cause }: Error): boolean =>
  name === "ResourceNotFoundException" || (cause instanceof Error && isMissing(cause));

const notConfigured = (secret: string, cause?: Error) =>
  exportProblem(
    "SourceNotConfigured",
    `Cannot export: secret "${secret}" holds no connection string. Put it there: aws secretsmanager put-secret-value ` +
      `--secret-id ${secret} --secret-string 'postgres://user:password@host:5432/database'`,
    { cause },
  );

/** An error of a client may have a code of its own, or a name, and a connection that several addresses refused no message. */
function told(error: unknown): { code: string; message: string } {
  const { name, code, message, errors } = error as Error & { code?: unknown; errors?: readonly Error[] };
  const said = message || errors?.map((each) => each.message).join("; ") || name;
  return { code: typeof code === "string" ? code : name, message: said };
}
