// lake-fixture: the program on an embedded AWS of a test's own, and short words for what the tests of the lake do with it.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { DynamoDBClient, type QueryCommandOutput, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Audit } from "../schemas/audit";
import { duckdbType } from "../schemas/column-types";
import { literal, quoted } from "../schemas/sql-text";
import { type TableName, tables } from "../schemas/tables";
import { type Evaluation, evaluate, type Registered } from "../stage/evaluation/evaluate";
import { systemClock } from "./clock";
import { type Cloud, type CloudOptions, startCloud } from "./cloud";
import type { Entry } from "./door/journal";

type Row = Readonly<Record<string, unknown>>;

/** The program. A process evaluates one program once. */
export const evaluated = (
  stack: "dev" | "prod",
  settings: Readonly<Record<string, string>> = {},
): Promise<Evaluation> => evaluate({ stack, settings, program: async () => require("../index"), packages: "kept" });

/** What reaches raw-to-curated and no further: nobody is told of what is curated, and no database is started. */
const further = [
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:lambda/invocation:Invocation",
  "aws:rds/instance:Instance",
];

/** The program, as far as raw-to-curated. */
export const curation = (program: Evaluation): Evaluation => ({
  ...program,
  resources: program.resources.filter(({ type }) => !further.includes(type)),
});

export interface Lake {
  readonly cloud: Cloud;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly buckets: { readonly raw: string; readonly curated: string; readonly quarantine: string };
  /** The name of the function raw-to-curated. */
  readonly stage: string;
  /** Puts a raw object; gives its version. */
  put(key: string, body: Buffer): Promise<string>;
  /** Puts raw objects, all at once or one after another, and waits until nothing runs any more. */
  take(files: readonly RawFile[], how?: { readonly oneByOne: boolean }): Promise<void>;
  read(bucket: string, key: string, version?: string): Promise<Buffer>;
  keys(bucket: string, prefix?: string): Promise<string[]>;
  /** Every row of a curated table, by primary key. */
  curated(table: TableName): Promise<Row[]>;
  /** The audit rows, those of one raw key or all. */
  audits(key?: string): Promise<Audit[]>;
  /** What the journal has of an operation on what begins so, by the function. */
  done(operation: string, resource?: string): readonly Entry[];
  end(): Promise<void>;
}

export interface RawFile {
  readonly key: string;
  readonly body: Buffer;
}

/** Retries come after a twentieth of a second and a tenth. */
const waitsPassFaster = 1_200;

/** Ends with the test `t`, at the latest. */
export async function openLake(
  t: Pick<TestContext, "after">,
  program: Evaluation,
  options: CloudOptions = {},
): Promise<Lake> {
  const lake = await startLake(program, options);
  t.after(lake.end);
  return lake;
}

export async function startLake(program: Evaluation, options: CloudOptions = {}): Promise<Lake> {
  const cloud = await startCloud(program, { clock: systemClock(waitsPassFaster), ...options });
  const { rawBucket, curatedBucket, quarantineBucket, auditTable } = program.outputs as Record<string, string>;
  const [raw = "", curated = "", quarantine = ""] = [rawBucket, curatedBucket, quarantineBucket];
  const client = { endpoint: cloud.url, region: cloud.region, credentials: cloud.operator, maxAttempts: 1 };
  const s3 = new S3Client(client);
  const dynamodb = new DynamoDBClient(client);
  const lambda = program.resources.find(
    ({ type, name }) => type === "aws:lambda/function:Function" && name === "raw-to-curated",
  );
  let ended: Promise<void> | undefined;

  const lake: Lake = {
    cloud,
    s3,
    dynamodb,
    buckets: { raw, curated, quarantine },
    stage: String(lambda?.outputs.name),
    async put(key, body) {
      const { VersionId = "" } = await s3.send(new PutObjectCommand({ Bucket: raw, Key: key, Body: body }));
      return VersionId;
    },
    async take(files, { oneByOne } = { oneByOne: false }) {
      for (const { key, body } of oneByOne ? files : []) {
        await lake.put(key, body);
        await cloud.idle();
      }
      if (!oneByOne) await Promise.all(files.map(({ key, body }) => lake.put(key, body)));
      await cloud.idle();
    },
    async read(Bucket, Key, VersionId) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
      return buffer(Body as NodeJS.ReadableStream);
    },
    async keys(Bucket, Prefix = "") {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix }))
        for (const { Key = "" } of Contents) keys.push(Key);
      return keys;
    },
    async curated(table) {
      const keys = await lake.keys(curated, `curated/${table}/`);
      const files = keys.map((key) => literal(cloud.s3.pathOf(curated, key) ?? ""));
      if (files.length === 0) return [];
      const order = tables[table].primaryKey.map(quoted).join(", ");
      return query(`FROM read_parquet([${files.join(", ")}], hive_partitioning = false) ORDER BY ${order}`);
    },
    async audits(key) {
      const { Items = [] }: QueryCommandOutput = await dynamodb.send(new ScanCommand({ TableName: auditTable }));
      const rows = Items.map((item) => unmarshall(item) as Audit);
      return rows.filter(({ object }) => key === undefined || object === `${raw}/${key}`);
    },
    done: (operation, resource = "") =>
      cloud.journal.entries.filter(
        (entry) =>
          entry.operation === operation && entry.principal === lambda?.name && entry.resource.startsWith(resource),
      ),
    end() {
      ended ??= Promise.resolve().then(async () => {
        s3.destroy();
        dynamodb.destroy();
        await cloud.end();
      });
      return ended;
    },
  };
  return lake;
}

/** The event that S3 sends of one object version, as far as a function reads it. */
export const objectEvent = (bucket: string, key: string, versionId: string) => ({
  Records: [{ s3: { bucket: { name: bucket }, object: { key: encodeURIComponent(key), versionId } } }],
});

/** A DuckDB query that gives these rows, in the columns and types that the table declares. */
export function rowsOf(table: TableName, rows: readonly Row[]): string {
  const columns = Object.entries(tables[table].columns);
  const lines = rows.map((row) => columns.map(([name, { type }]) => `CAST(${sql(row[name])} AS ${duckdbType(type)})`));
  const names = columns.map(([name]) => quoted(name));
  return `SELECT * FROM (VALUES ${lines.map((line) => `(${line})`).join(", ")}) AS rows(${names.join(", ")})`;
}

const sql = (value: unknown): string =>
  value === undefined || value === null ? "NULL" : typeof value === "string" ? literal(value) : String(value);

/** What `query` gives as a Parquet file; `before` are statements, `options` those of COPY. */
export async function parquet(query: string, options = "", before: readonly string[] = []): Promise<Buffer> {
  const directory = mkdtempSync(join(tmpdir(), "parquet-"));
  try {
    const file = join(directory, "file.parquet");
    const copy = `COPY (${query}) TO ${literal(file)} (FORMAT parquet${options === "" ? "" : `, ${options}`})`;
    await run([...before, copy]);
    return readFileSync(file);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export async function query(text: string): Promise<Row[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(text)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function run(statements: readonly string[]): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** A good order; what a test is about is said in `own`. */
export const order = (own: Row): Row => ({
  order_id: 1,
  customer_id: 7,
  status: "paid",
  channel: "web",
  country: "DE",
  region: "Hamburg",
  currency: "EUR",
  total: 12.5,
  notes: null,
  created_at: "2026-05-01 10:00:00",
  updated_at: "2026-05-01 10:00:00",
  ...own,
});

/** A good payment by card; what a test is about is said in `own`. */
export const payment = (own: Row): Row => ({
  payment_id: 1,
  order_id: 1,
  customer_id: 7,
  method: "card",
  status: "captured",
  amount: 12.5,
  currency: "EUR",
  card_number: cards.visa,
  card_cvv: "917",
  country: "DE",
  created_at: "2026-05-01 10:00:00",
  updated_at: "2026-05-01 10:00:00",
  ...own,
});

/** Numbers that the networks publish for tests. */
export const cards = { visa: "4111 1111 1111 1111", master: "5555-5555-5555-4444", amex: "378282246310005" } as const;

/** Whether any of the cards stands in the text, however its digits are grouped. */
export function cardIn(text: string): string | undefined {
  const bare = text.replaceAll(/(?<=\d)[ -](?=\d)/g, "");
  return Object.values(cards).find((card) => bare.includes(card.replaceAll(/\D/g, "")));
}

/** What became of a file's rows, as an equation. */
export const accounting = ({ rowsIn, rowsOut, duplicates, quarantined }: Audit): string =>
  `${rowsIn} = ${rowsOut} + ${duplicates} + ${quarantined}`;

/** What Lambda sends to the dead-letter queue of a function that an object's event woke. */
export interface DeadLetter {
  readonly requestContext: { readonly condition: string; readonly approximateInvokeCount: number };
  readonly requestPayload: {
    readonly Records: readonly {
      readonly s3: { readonly bucket: { name: string }; readonly object: { key: string } };
    }[];
  };
  readonly responsePayload: { readonly errorMessage: string };
}

export const deadLetters = ({ cloud }: Lake): DeadLetter[] =>
  cloud.deadLetterQueues.flatMap(({ arn }) =>
    cloud.sqs.messages(arn).map(({ body }) => JSON.parse(body) as DeadLetter),
  );

/** The program with other inputs of the resources of a type. */
export function changed(
  program: Evaluation,
  type: string,
  change: (inputs: Registered["inputs"]) => Registered["inputs"],
): Evaluation {
  const resources = program.resources.map((resource) => {
    if (resource.type !== type) return resource;
    const inputs = { ...resource.inputs, ...change(resource.inputs) };
    return { ...resource, inputs, outputs: { ...resource.outputs, ...inputs } };
  });
  return { ...program, resources };
}
