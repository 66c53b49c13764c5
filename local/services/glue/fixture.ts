// fixture: Glue and S3 behind one door, for the tests: files are written by DuckDB, crawled, and looked at by the real client.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import {
  GetCrawlerCommand,
  GetPartitionsCommand,
  GetTablesCommand,
  GlueClient,
  StartCrawlerCommand,
} from "@aws-sdk/client-glue";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DuckDBInstance } from "@duckdb/node-api";
import { literal } from "../../../schemas/sql-text";
import { systemClock } from "../../clock";
import { type Door, openDoor } from "../../door/door";
import { journal } from "../../door/journal";
import type { Statement } from "../../door/policy";
import type { Principal } from "../../door/principals";
import { temporaryDirectory } from "../../temporary-directory";
import { s3 as openS3 } from "../s3/s3";
import type { CrawlerConfig } from "./crawler-config";
import { glue as openGlue } from "./glue";

export const account = "123456789012";
export const region = "eu-central-1";
export const Bucket = "prod";
export const database = "lake";

/** As stage/crawler.ts says it. */
export const stable = {
  Version: 1,
  Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
  CrawlerOutput: {
    Tables: { AddOrUpdateBehavior: "MergeNewColumns" },
    Partitions: { AddOrUpdateBehavior: "InheritFromTable" },
  },
};

/** A crawler that takes over whatever it finds. */
export const updating = { Version: 1, Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" } };

type Changes = Partial<Omit<CrawlerConfig, "principal" | "configuration">> & {
  readonly configuration?: object;
  /** What its role may do; everything, where it is not given. */
  readonly policy?: readonly Statement[];
};

export async function glueBehindDoor(
  t: Pick<TestContext, "after">,
  { directory = temporaryDirectory(), endpoint }: { directory?: string; endpoint?: string } = {},
) {
  const record = journal();
  const principals: Principal[] = [];
  const lines: string[] = [];
  let door: Door | undefined;
  const s3 = openS3({ directory: join(directory, "s3"), clock: systemClock(), onEvent: () => undefined });
  const glue = openGlue({
    directory: join(directory, "glue"),
    region,
    account,
    endpoint: () => endpoint ?? door?.url ?? "",
    journal: record,
    openLog: () => (line) => lines.push(line),
  });
  door = await openDoor({
    s3,
    services: [glue.service],
    principals: (accessKeyId) => principals.find((each) => each.accessKeyId === accessKeyId),
    journal: record,
  });
  const { url } = door;
  s3.createBucket(Bucket, { versioned: false });
  glue.catalog.putDatabase({ name: database, description: "of the tests" });
  const files = s3Client(url, principal());
  const client = new GlueClient(config());
  const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  const scratch = temporaryDirectory();
  let ended: Promise<void> | undefined;
  const end = () => {
    ended ??= (async () => {
      await glue.end();
      files.destroy();
      await door?.end();
      s3.end();
    })();
    return ended;
  };
  t.after(end);

  return {
    glue,
    record,
    lines,
    client,
    end,
    config,
    /** Puts what the query answers, as Parquet. */
    async put(Key: string, sql: string): Promise<void> {
      const file = join(scratch, "file.parquet");
      await duckdb.run(`COPY (${sql}) TO ${literal(file)} (FORMAT parquet)`);
      await files.send(new PutObjectCommand({ Bucket, Key, Body: readFileSync(file) }));
    },
    putText: (Key: string, text: string) => files.send(new PutObjectCommand({ Bucket, Key, Body: Buffer.from(text) })),
    remove: (Key: string) => files.send(new DeleteObjectCommand({ Bucket, Key })),
    /** Creates or changes the crawler `tests`, which looks at `path`. */
    crawler(path: string, { configuration = stable, policy, ...changes }: Changes = {}): void {
      glue.createCrawler({
        name: "tests",
        role: `arn:aws:iam::${account}:role/tests`,
        principal: principal(policy),
        database,
        tablePrefix: "shop_",
        targets: [{ path: `s3://${Bucket}/${path}`, exclusions: [] }],
        updateBehavior: "UPDATE_IN_DATABASE",
        deleteBehavior: "LOG",
        configuration: JSON.stringify(configuration),
        ...changes,
      });
    },
    /** Runs the crawler to its end; gives how it ended. */
    async crawl(Name = "tests") {
      await client.send(new StartCrawlerCommand({ Name }));
      await glue.idle();
      const { Crawler } = await client.send(new GetCrawlerCommand({ Name }));
      return { state: Crawler?.State, status: Crawler?.LastCrawl?.Status, error: Crawler?.LastCrawl?.ErrorMessage };
    },
    /** Every table as `name: column type, ... | partition key`. */
    async tables(): Promise<string[]> {
      const { TableList = [] } = await client.send(new GetTablesCommand({ DatabaseName: database }));
      return TableList.map(({ Name, StorageDescriptor, PartitionKeys = [] }) => {
        const columns = (StorageDescriptor?.Columns ?? []).map((column) => `${column.Name} ${column.Type}`).join(", ");
        return [`${Name}: ${columns}`, ...PartitionKeys.map((key) => `${key.Name} ${key.Type}`)].join(" | ");
      });
    },
    /** Every partition as `value, ... at location: column type, ...`. */
    async partitions(TableName: string): Promise<string[]> {
      const { Partitions = [] } = await client.send(new GetPartitionsCommand({ DatabaseName: database, TableName }));
      return Partitions.map(({ Values, StorageDescriptor }) => {
        const columns = (StorageDescriptor?.Columns ?? []).map(({ Name, Type }) => `${Name} ${Type}`).join(", ");
        return `${Values?.join(", ")} at ${StorageDescriptor?.Location}: ${columns}`;
      });
    },
  };

  /** Somebody who may do what the statements say, or everything. */
  function principal(policy?: readonly Statement[]): Principal {
    const number = principals.length + 1;
    const made: Principal = {
      name: `principal-${number}`,
      arn: `arn:aws:iam::${account}:user/principal-${number}`,
      accessKeyId: `AKIA${number}`,
      secretAccessKey: `secret of ${number}`,
      policies: policy === undefined ? "all" : [{ Statement: policy }],
    };
    principals.push(made);
    return made;
  }

  function config(policy?: readonly Statement[]) {
    return { endpoint: url, region, credentials: principal(policy), maxAttempts: 1 };
  }
}

const s3Client = (endpoint: string, credentials: Principal) =>
  new S3Client({ endpoint, region, credentials, forcePathStyle: true });
