// unload: UNLOAD (query) TO 's3://...': the answer as Parquet files. https://docs.aws.amazon.com/athena/latest/ug/unload.html

import { mkdirSync, readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { literal, quoted } from "../../../schemas/sql-text";
import type { Compiled } from "./dialect/compile";
import type { Unload } from "./dialect/syntax";
import { duckType, type Type, typeName } from "./dialect/types";
import type { Engine } from "./engine/duckdb";
import type { Execution } from "./execution";
import { notImitated, queryError } from "./query-error";
import { type S3AsCaller, s3Location } from "./s3-as-caller";

interface Around {
  readonly s3: S3AsCaller;
  readonly directory: string;
  readonly signal: AbortSignal;
}

/** https://docs.aws.amazon.com/athena/latest/ug/unload.html#unload-considerations-and-limitations */
const mostPartitions = 100;

const compressions = ["gzip", "snappy", "zstd", "none"];

export async function unload(
  { to, options }: Unload,
  compiled: Compiled,
  execution: Execution,
  { connection }: Engine,
  { s3, directory, signal }: Around,
): Promise<void> {
  const { compression, partitionedBy } = settingsOf(options, compiled);
  const target = s3Location(to);
  if (target === undefined || target.key === "")
    throw queryError("INVALID_PROPERTY", `UNLOAD takes a location as s3://bucket/prefix/, not "${to}"`);
  const prefix = target.key.replace(/\/?$/, "/");
  if ((await s3.list(target.bucket, prefix)).length > 0) {
    throw queryError("HIVE_PATH_ALREADY_EXISTS", `Target directory for table already exists: ${to}`);
  }
  const names = columnNames(compiled);
  const items = compiled.columns.map(
    ({ type }, index) => `${fileValue(`c.c${index}`, type)} AS ${quoted(names[index] ?? "")}`,
  );
  const inner = compiled.columns.map((_, index) => `c${index}`).join(", ");
  const query = `SELECT ${items.join(", ")} FROM (${compiled.sql}) AS c(${inner})`;
  const files = join(directory, "unload");
  const partitions = partitionedBy.length === 0 ? "" : `, PARTITION_BY (${partitionedBy.map(quoted).join(", ")})`;
  const single = partitions === "" ? join(files, "data.parquet") : files;
  mkdirSync(files);
  const written = await connection.runAndReadAll(
    `COPY (${query}) TO ${literal(single)} (FORMAT parquet, COMPRESSION ${compression === "none" ? "uncompressed" : compression}${partitions})`,
  );
  execution.rows = Number(written.getRows()[0]?.[0] ?? 0);
  signal.throwIfAborted();
  const found = readdirSync(files, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const folders = new Set(found.map((path) => path.slice(0, path.lastIndexOf(sep))));
  if (partitionedBy.length > 0 && folders.size > mostPartitions) {
    throw queryError(
      "HIVE_TOO_MANY_OPEN_PARTITIONS",
      `Exceeded limit of ${mostPartitions} open writers for partitions/buckets`,
    );
  }
  const manifest: string[] = [];
  if (execution.rows > 0) {
    for (const [index, path] of found.entries()) {
      const folder = relative(files, path)
        .split(sep)
        .slice(0, -1)
        .map((part) => `${part}/`)
        .join("");
      const key = `${prefix}${folder}${execution.id.replaceAll("-", "_")}_${index}.parquet`;
      await s3.put(target.bucket, key, { file: path });
      manifest.push(`s3://${target.bucket}/${key}`);
    }
  }
  await storeManifest(manifest, execution, s3);
}

/** Beside the results of queries: which files there are. */
async function storeManifest(files: readonly string[], execution: Execution, s3: S3AsCaller): Promise<void> {
  const location = `${execution.output}-manifest.csv`;
  const found = s3Location(location);
  if (found === undefined) return;
  await s3.put(
    found.bucket,
    found.key,
    Buffer.from(
      files
        .map(
          (file) => `${file}
`,
        )
        .join(""),
    ),
  );
  execution.manifest = location;
}

function settingsOf(options: Unload["options"], { columns }: Compiled) {
  const get = (name: string) => options.get(name);
  const format = String(get("format") ?? "").toUpperCase();
  if (format === "") throw queryError("INVALID_PROPERTY", "UNLOAD takes WITH (format = '...')");
  if (format !== "PARQUET") throw notImitated(`UNLOAD in the format ${format}`, undefined, "PARQUET");
  const compression = String(get("compression") ?? "gzip").toLowerCase();
  if (!compressions.includes(compression))
    throw notImitated(`UNLOAD with the compression ${compression}`, undefined, compressions.join(", "));
  const other = [...options.keys()].find((name) => !["format", "compression", "partitioned_by"].includes(name));
  if (other !== undefined) throw notImitated(`UNLOAD with ${other}`);
  const partitionedBy = [get("partitioned_by") ?? []].flat();
  const last = columns.slice(columns.length - partitionedBy.length).map(({ name }) => name);
  if (partitionedBy.join() !== last.join()) {
    throw queryError(
      "INVALID_TABLE_PROPERTY",
      `Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(", ")}]`,
    );
  }
  return { compression, partitionedBy };
}

function columnNames({ columns }: Compiled): readonly string[] {
  const names = columns.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw queryError("DUPLICATE_COLUMN_NAME", `Column name '${twice}' specified more than once`);
  return names;
}

/** As Athena writes it: a timestamp in milliseconds. */
function fileValue(sql: string, type: Type): string {
  switch (type.kind) {
    case "timestamp":
      return `CAST(${sql} AS TIMESTAMP_MS)`;
    case "timestamp with time zone":
    case "interval day to second":
    case "interval year to month":
    case "json":
    case "row":
    case "map":
    case "unknown":
      throw notImitated(`UNLOAD of a column of the type ${typeName(type)}`);
    default:
      return `CAST(${sql} AS ${duckType(type)})`;
  }
}
