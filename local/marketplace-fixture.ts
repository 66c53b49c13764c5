// marketplace-fixture: the program on an embedded AWS of a test's own, a seller who has signed in, and short words for what
// the tests of the transactions do with them.

import { createHash, createHmac } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { unmarshall } from "@aws-sdk/util-dynamodb";

import postgres = require("postgres");

import type { Audit } from "../schemas/audit";
import { ownColumns } from "../schemas/feed";
import type { FeedError } from "../schemas/feed-error";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { systemClock } from "./clock";
import { type Cloud, type CloudOptions, startCloud } from "./cloud";
import { signIn } from "./start/seller-account";

/** Retries come after a twentieth of a second and a tenth. */
const waitsPassFaster = 1_200;

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // The API is looked at as its users see it, whatever it answers.
  readonly body: Record<string, unknown> & { readonly code?: string };
}

export interface Marketplace {
  readonly cloud: Cloud;
  readonly outputs: Readonly<Record<string, string>>;
  /** Who may everything in the database, and whom row-level security does not concern. */
  readonly sql: postgres.Sql;
  tokenOf(...sellers: readonly string[]): Promise<string>;
  /** Asks the API; `path` with its query. */
  ask(
    token: string | undefined,
    request: string,
    body?: Uint8Array | object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>;
  /** Puts a feed under a key, as somebody with the rights of the operator; gives its version. */
  put(key: string, body: Uint8Array | string): Promise<string>;
  rejected(): Promise<Readonly<Record<string, string>>>;
  errors(): Promise<FeedError[]>;
  audits(): Promise<Audit[]>;
  /** The totals of all days, by seller and currency. */
  totals(): Promise<Readonly<Record<string, { transactions: number; quantity: number; revenue: string }>>>;
  /** The same, from the single transactions. */
  recounted(): ReturnType<Marketplace["totals"]>;
}

/** Ends with the test `t`, at the latest. */
export async function openMarketplace(
  t: { after(end: () => Promise<void>): void },
  program: Evaluation,
  options: CloudOptions = {},
): Promise<Marketplace> {
  const retryClock = systemClock(waitsPassFaster);
  const cloud = await startCloud(program, { retryClock, ...options });
  const outputs = program.outputs as Record<string, string>;
  const client = { endpoint: cloud.url, region: cloud.region, credentials: cloud.operator, maxAttempts: 1 };
  const s3 = new S3Client(client);
  const dynamodb = new DynamoDBClient(client);
  const sql = postgres(cloud.postgres?.url ?? "", { max: 1, fetch_types: false, onnotice: () => undefined });
  const url = cloud.api?.url ?? "";
  const pool = { userPool: outputs.userPool ?? "", client: outputs.apiClient ?? "" };
  t.after(async () => {
    s3.destroy();
    dynamodb.destroy();
    await sql.end({ timeout: 0 });
    await cloud.end();
  });
  // The master owns the tables, and their policies do not concern an owner.
  const summed = async (from: "totals" | "transactions") => {
    const rows =
      from === "totals"
        ? await sql`select seller_id, currency, sum(transactions) as n, sum(quantity) as q, sum(revenue) as r
            from transactions.daily_totals group by 1, 2`
        : await sql`select seller_id, currency, count(*) as n, sum(quantity) as q, sum(revenue) as r
            from transactions.transactions group by 1, 2`;
    return Object.fromEntries(
      rows.map(({ seller_id, currency, n, q, r }) => [
        `${seller_id} ${currency}`,
        { transactions: Number(n), quantity: Number(q), revenue: String(r) },
      ]),
    );
  };
  async function items<Item>(table: string): Promise<Item[]> {
    const found: Item[] = [];
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: table }))
      found.push(...Items.map((item) => unmarshall(item) as Item));
    return found;
  }

  return {
    cloud,
    outputs,
    sql,
    tokenOf: (...sellers) => signIn(cloud, pool, { sellers, username: `${sellers.join(".") || "nobody"}@example.com` }),
    async ask(token, request, body, headers = {}) {
      const [method = "GET", path = ""] = request.split(/ (.*)/s);
      const type = body instanceof Uint8Array ? "text/csv" : "application/json";
      const response = await fetch(`${url}${path}`, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { "content-type": type }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: (await response.json()) as Reply["body"] };
    },
    async put(key, body) {
      const Body = typeof body === "string" ? Buffer.from(body) : body;
      const { VersionId = "" } = await s3.send(new PutObjectCommand({ Bucket: outputs.feedsBucket, Key: key, Body }));
      return VersionId;
    },
    async rejected() {
      const Bucket = outputs.rejectedFeedsBucket;
      const texts: Record<string, string> = {};
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }))
        for (const { Key = "" } of Contents) {
          const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
          texts[Key] = (await buffer(Body as NodeJS.ReadableStream)).toString();
        }
      return texts;
    },
    errors: () => items<FeedError>(outputs.feedErrorsTable ?? ""),
    async audits() {
      const all = await items<Audit>(outputs.auditTable ?? "");
      return all.filter(({ stage }) => stage.endsWith("-transactions"));
    },
    totals: () => summed("totals"),
    recounted: () => summed("transactions"),
  };
}

export const header = ownColumns.join(",");

/** A CSV of good rows `from` to `to`, each of 2 pieces at 10.10 less 0.20: 20.00. */
export function feedOf(from: number, to: number, prefix = "T"): string {
  const rows = Array.from({ length: to - from + 1 }, (_, index) => goodRow(`${prefix}-${from + index}`));
  return `${[header, ...rows].join("\r\n")}\r\n`;
}

export const goodRow = (id: string): string => `${id},2026-02-03T10:00:00Z,P-1,Garden chair,Garden,2,10.10,0.20,EUR,7`;

/** A token with these claims that is signed with a key of somebody's own. */
export function forgedToken(claims: object): string {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${text}.${createHmac("sha256", createHash("sha256").update("guess").digest()).update(text).digest("base64url")}`;
}
