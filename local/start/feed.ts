// feed: what goes into the pipelines - the sample shop by way of its database, or the user's own files.
//
//   sample shop ──> PostgreSQL ──(export-tables)──> raw ──> ... until nothing runs any more
//   --input DIR ────────────────────────────────────^

import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Cloud } from "../cloud";
import { type ShopFile, sampleShop } from "../sample/shop";
import { ownFiles, putFiles } from "./files";
import type { Options } from "./options";
import { step } from "./progress";
import { type SourceShop, sourceShop } from "./source-shop";

export interface Fed {
  /** Rows that the sample shop spoiled: what must be in quarantine in the end. */
  readonly spoiled?: number;
}

export type Outputs = Readonly<Record<string, string>>;

export const feed = (cloud: Cloud, outputs: Outputs, options: Options): Promise<Fed> =>
  options.input === undefined ? feedShop(cloud, outputs, options) : feedFiles(cloud, outputs, options.input);

/** Eighteen weeks: every day is a partition of four tables, and nobody wants to wait for a minute of them. */
const days = 126;

async function feedShop(cloud: Cloud, outputs: Outputs, { customers, seed }: Options): Promise<Fed> {
  const making = step("Making the sample shop");
  const { files } = sampleShop({ customers, seed, days });
  making.done(`${files.reduce((total, { rows }) => total + rows.length, 0)} rows`);
  if (cloud.postgres === undefined) throw new Error("Cannot fill the shop's database: the program registers none");
  const shop = await sourceShop(cloud.postgres.url);
  try {
    await tell(cloud, outputs, shop);
    // Each table as a whole first, and then what a week has added and changed.
    const [before, week] = [files.filter(isWhole), files.filter((file) => !isWhole(file))];
    const name = `${customers} customers, seed ${seed}`;
    // Another shop's four months may be older than where the last export ended.
    await trade(cloud, outputs, shop, { name: `${name}: four months`, files: before, full: true });
    await trade(cloud, outputs, shop, { name: `${name}: another week`, files: week, full: false });
  } finally {
    await shop.end();
  }
  return { spoiled: files.reduce((total, { dirty }) => total + dirty, 0) };
}

const isWhole = ({ key }: ShopFile): boolean => key.includes("/full-");

/** Says where the source is, as its owner does on AWS. */
async function tell({ url, region, operator }: Cloud, { sourceDatabaseSecret }: Outputs, shop: SourceShop) {
  const secrets = new SecretsManagerClient({ endpoint: url, region, credentials: operator });
  await secrets.send(new PutSecretValueCommand({ SecretId: sourceDatabaseSecret, SecretString: shop.url }));
  secrets.destroy();
}

interface Trade {
  readonly name: string;
  readonly files: readonly ShopFile[];
  /** Whether everything is exported, and not only what is newer than the last export. */
  readonly full: boolean;
}

/** What was traded, from the database to the catalog; once for all starts. */
async function trade(cloud: Cloud, outputs: Outputs, shop: SourceShop, { name, files, full }: Trade): Promise<void> {
  const done = await shop.isDone(name);
  const filling = step(`PostgreSQL, ${name.split(": ")[1]}`);
  filling.done(done ? "is there already" : `${await shop.write(files)} rows in all`);
  const exporting = step("database -> raw");
  exporting.done(await exportTables(cloud, outputs, full && !done));
  await settleLake(cloud);
  // Not before: a start that breaks off leaves it to the next one.
  await shop.done(name);
}

async function exportTables({ url, region, operator }: Cloud, { exportFunction }: Outputs, full: boolean) {
  const lambda = new LambdaClient({ endpoint: url, region, credentials: operator });
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: exportFunction, Payload: JSON.stringify({ full }) }),
  );
  lambda.destroy();
  const answer = JSON.parse(Payload?.transformToString() ?? "{}");
  if (FunctionError !== undefined) throw new Error(`Cannot export the shop: ${answer.errorMessage}`);
  const tables = answer.tables as readonly { rows: number; outputs: readonly string[] }[];
  const sum = (count: (table: (typeof tables)[number]) => number) =>
    tables.reduce((total, table) => total + count(table), 0);
  return `${sum(({ rows }) => rows)} rows in ${sum(({ outputs }) => outputs.length)} files`;
}

async function feedFiles(cloud: Cloud, { rawBucket = "" }: Outputs, input: string): Promise<Fed> {
  const files = await ownFiles(input);
  const s3 = new S3Client({ endpoint: cloud.url, region: cloud.region, credentials: cloud.operator });
  const putting = step("files -> raw", files.length);
  let put = 0;
  await putFiles(s3, rawBucket, files, () => putting.at(++put));
  s3.destroy();
  putting.done(`${files.length} files`);
  await settleLake(cloud);
  return {};
}

/** Waits until nothing runs, waits or is on its way. */
async function settleLake(cloud: Cloud): Promise<void> {
  const before = invocations(cloud);
  const going = step("raw -> curated -> prod -> catalog");
  await cloud.idle();
  going.done(`${invocations(cloud) - before} invocations`);
}

const invocations = ({ journal }: Cloud): number =>
  journal.entries.filter(({ operation }) => operation === "Invoke").length;
