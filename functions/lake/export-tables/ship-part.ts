// ship-part: the lines of a part, as a Parquet file in the raw bucket; those that do not fit, as lines in quarantine.

import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { protectionMacros } from "../../../schemas/protection";
import type { Table } from "../../../schemas/tables";
import { openDuckDB } from "../../../stage/duckdb";
import { exportProblem } from "./export-problem";
import { fittingRows, textView, unfitRows } from "./parquet-sql";
import type { Part } from "./parts";
import type { TablePlan } from "./table-plan";

export interface Shipment {
  readonly s3: S3Client;
  readonly raw: string;
  readonly quarantine: string;
  readonly plan: TablePlan;
  readonly table: Table;
  /** On /tmp. */
  readonly directory: string;
}

/** An object version that was written. */
export interface Written {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
}

/** What became of a part's rows. */
export interface PartOutcome {
  readonly rowsOut: number;
  readonly quarantined: number;
  /** The file in raw, where there are rows for one, then the lines in quarantine, where there are any. */
  readonly written: readonly [Written, ...Written[]];
}

export async function shipPart(shipment: Shipment, part: Part, name: string): Promise<PartOutcome> {
  const { plan, directory, raw, quarantine } = shipment;
  const [fitting, unfit] = [`${directory}/part.parquet`, `${directory}/unfit.ndjson`];
  try {
    const { rowsOut, quarantined } = await convert(shipment, part, fitting, unfit);
    if (rowsOut + quarantined !== part.rows) {
      throw exportProblem(
        "Unaccounted",
        `Cannot account for every row of "${plan.name}": ${part.rows} came, ${rowsOut} fit and ${quarantined} do not`,
      );
    }
    const key = `raw/${plan.name}/${name}.parquet`;
    const written: Written[] = [];
    // What is set aside comes first: who finds the file finds the rest.
    if (quarantined > 0) written.push(await put(shipment.s3, quarantine, `rows/${key}/export-tables.ndjson`, unfit));
    if (rowsOut > 0) written.unshift(await put(shipment.s3, raw, key, fitting));
    const [first, ...rest] = written;
    if (first === undefined) throw new Error(`Cannot ship a part of "${plan.name}" that has no rows`);
    return { rowsOut, quarantined, written: [first, ...rest] };
  } finally {
    await Promise.all([fitting, unfit].map((file) => rm(file, { force: true })));
  }
}

async function convert({ plan, table, directory }: Shipment, part: Part, fitting: string, unfit: string) {
  const duckdb = await openDuckDB(directory);
  try {
    const connection = await duckdb.connect();
    const copied = async (sql: string) => Number((await connection.runAndReadAll(sql)).getRows()[0]?.[0]);
    await connection.run(textView(plan, part.file));
    const rowsOut = await copied(fittingRows(plan, fitting));
    if (rowsOut === part.rows) return { rowsOut, quarantined: 0 };
    // Nothing is hashed here, and so nothing needs the key.
    for (const macro of protectionMacros("")) await connection.run(macro);
    return { rowsOut, quarantined: await copied(unfitRows(plan, table, unfit)) };
  } finally {
    duckdb.closeSync();
  }
}

async function put(s3: S3Client, bucket: string, key: string, file: string): Promise<Written> {
  const { size } = await stat(file);
  const Body = createReadStream(file);
  const { VersionId = "null" } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: size }),
  );
  return { bucket, key, version: VersionId };
}
