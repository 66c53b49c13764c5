// gallery-fixture: the program on an embedded AWS of a test's own, users who have signed in, and short words for what the tests of
// the collections do with them.

import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import {
  GetObjectCommand,
  PutObjectCommand,
  type PutObjectCommandOutput,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Audit } from "../schemas/audit";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { systemClock } from "./clock";
import { type Cloud, type CloudOptions, startCloud } from "./cloud";
import { signIn } from "./start/seller-account";
import { type Form, sendForm } from "./start/send-form";

import postgres = require("postgres");

/** What failed comes again after some seconds. */
const waitsPassFaster = 1_200;

export interface Reply {
  readonly status: number;
  // The API is looked at as its users see it, whatever it answers.
  readonly body: Record<string, unknown> & { readonly code?: string };
}

export interface User {
  /** Their `sub`, with which their keys begin. */
  readonly id: string;
  readonly token: string;
}

export interface Letter {
  readonly queue: string;
  readonly code: string;
  readonly message: string;
  readonly attempts: string;
  readonly body: string;
}

export interface Gallery {
  readonly cloud: Cloud;
  readonly bucket: string;
  /** Who may everything in the database, and whom row-level security does not concern. */
  readonly sql: postgres.Sql;
  readonly s3: S3Client;
  user(name: string): Promise<User>;
  ask(user: User | undefined, request: string, body?: object): Promise<Reply>;
  /** Uploads a picture as a page does: asks for a form and sends it. Gives the item's id. */
  upload(user: User, bytes: Uint8Array, contentType: "image/jpeg" | "image/png"): Promise<string>;
  /** Puts an object under a key, as somebody with the rights of the operator. */
  put(key: string, body: Uint8Array | string): Promise<PutObjectCommandOutput>;
  get(
    key: string,
  ): Promise<{ readonly bytes: Buffer; readonly metadata: Readonly<Record<string, string>> } | undefined>;
  keys(prefix?: string): Promise<string[]>;
  audits(key: string): Promise<Audit[]>;
  letters(): Letter[];
  /** How often a model was asked. */
  asked(service: "claude" | "voyage"): number;
}

export async function openGallery(
  program: Evaluation,
  options: CloudOptions = {},
): Promise<Gallery & { end(): Promise<void> }> {
  const cloud = await startCloud(program, { retryClock: systemClock(waitsPassFaster), ...options });
  const outputs = program.outputs as Record<string, string>;
  const client = { endpoint: cloud.url, region: cloud.region, credentials: cloud.operator, maxAttempts: 1 };
  const s3 = new S3Client(client);
  const dynamodb = new DynamoDBClient(client);
  const sql = postgres(cloud.postgres?.url ?? "", { max: 1, fetch_types: false, onnotice: () => undefined });
  const url = cloud.api?.url ?? "";
  const pool = { userPool: outputs.userPool ?? "", client: outputs.apiClient ?? "" };
  const bucket = outputs.imagesBucket ?? "";

  async function ask(user: User | undefined, request: string, body?: object): Promise<Reply> {
    const [method = "GET", path = ""] = request.split(/ (.*)/s);
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(user === undefined ? {} : { authorization: `Bearer ${user.token}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Reply["body"] };
  }

  return {
    cloud,
    bucket,
    sql,
    s3,
    ask,
    async user(name) {
      const token = await signIn(cloud, pool, { sellers: [], username: `${name}@example.com` });
      const { sub } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
      return { id: sub, token };
    },
    async upload(user, bytes, contentType) {
      const { status, body } = await ask(user, "POST /api/items", { contentType, size: bytes.length });
      if (status !== 201) throw new Error(`Cannot upload: ${JSON.stringify(body)}`);
      await sendForm(body as unknown as Form, bytes);
      return String(body.itemId);
    },
    put: (Key, Body) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body })),
    async get(Key) {
      try {
        const { Body, Metadata = {} } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        return { bytes: Buffer.from((await Body?.transformToByteArray()) ?? []), metadata: Metadata };
      } catch (error) {
        if ((error as Error).name === "NoSuchKey") return undefined;
        throw error;
      }
    },
    async keys(Prefix = "") {
      const found: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix }))
        found.push(...Contents.map(({ Key = "" }) => Key));
      return found.sort();
    },
    async audits(key) {
      const found: Audit[] = [];
      for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: outputs.auditTable }))
        found.push(...Items.map((item) => unmarshall(item) as Audit));
      return found.filter(({ object }) => object === `${bucket}/${key}`);
    },
    letters: () =>
      cloud.deadLetterQueues.flatMap(({ name, arn }) =>
        cloud.sqs.messages(arn).map(({ body, messageAttributes }) => ({
          queue: name,
          code: messageAttributes.ErrorCode?.StringValue ?? "",
          message: messageAttributes.ErrorMessage?.StringValue ?? "",
          attempts: messageAttributes.Attempts?.StringValue ?? "",
          body,
        })),
      ),
    asked: (wanted) =>
      cloud.journal.entries.filter(({ service, outcome }) => service === wanted && outcome === "ok").length,
    async end() {
      s3.destroy();
      dynamodb.destroy();
      await sql.end({ timeout: 0 });
      await cloud.end();
    },
  };
}
