// dynamodb: dynalite behind the door. It listens on a socket file in the data directory, which only the door uses; the door
// verifies who calls and whether they may, and dynalite does the rest.

import { mkdirSync, rmSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import dynalite from "dynalite";
import { type AwsError, awsError, type Incoming, type Outgoing, type Service } from "../../door/service";
import { jsonRefusal, targetOf } from "../json-protocol";

/** Operations on the items of one table, whose permission is named after them. */
const operations = [
  "BatchWriteItem",
  "GetItem",
  "PutItem",
  "UpdateItem",
  "DeleteItem",
  "Query",
  "Scan",
  "DescribeTable",
];

export interface TableConfig {
  readonly name: string;
  readonly arn: string;
  readonly hashKey: string;
  readonly rangeKey?: string;
  readonly attributes: readonly { readonly name: string; readonly type: string }[];
}

export interface DynamoDB extends Service {
  /** Creates the table unless it is there. */
  createTable(config: TableConfig): Promise<void>;
  end(): Promise<void>;
}

export async function dynamodb(directory: string): Promise<DynamoDB> {
  mkdirSync(directory, { recursive: true });
  // In a temporary folder: the path of a socket may have no more than about a hundred characters.
  const socket = join(tmpdir(), `tributary-dynamodb-${process.pid}-${Date.now().toString(36)}.sock`);
  const server = dynalite({ path: join(directory, "tables"), createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const arns = new Map<string, string>();

  return {
    name: "dynamodb",
    refusal: jsonRefusal,
    async createTable({ name, arn, hashKey, rangeKey, attributes }) {
      arns.set(name, arn);
      const key = (AttributeName: string, KeyType: string) => ({ AttributeName, KeyType });
      const answer = await ask(socket, "CreateTable", {
        TableName: name,
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [key(hashKey, "HASH"), ...(rangeKey === undefined ? [] : [key(rangeKey, "RANGE")])],
        AttributeDefinitions: attributes.map(({ name: AttributeName, type: AttributeType }) => ({
          AttributeName,
          AttributeType,
        })),
      });
      const { __type: error = "", message = "" } = JSON.parse(answer.toString()) as {
        __type?: string;
        message?: string;
      };
      if (error !== "" && !error.endsWith("ResourceInUseException")) {
        throw new Error(`Cannot create table "${name}": ${error} ${message}`);
      }
      await active(socket, name);
    },
    async operation(request) {
      const operation = targetOf(request);
      if (!operations.includes(operation)) throw awsError("NotImplemented", `${operation} is not imitated`, 501);
      const body = await buffer(request.body);
      const names = tableNamesOf(body);
      return {
        name: operation,
        resource: names.join(", "),
        needs: names.map((name) => ({ action: `dynamodb:${operation}`, resource: arns.get(name) ?? name })),
        run: () => forward(socket, request, body),
      };
    },
    async end() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(socket, { force: true });
    },
  };
}

/** dynalite makes a table a moment after it has answered, and knows nothing of it until then. */
async function active(socket: string, TableName: string): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    const { Table } = JSON.parse((await ask(socket, "DescribeTable", { TableName })).toString()) as {
      Table?: { TableStatus?: string };
    };
    if (Table?.TableStatus === "ACTIVE") return;
    await new Promise(setImmediate);
  }
  throw new Error(`Cannot create table "${TableName}": it does not become active`);
}

/** A batch is over several tables, and needs its right on each. */
function tableNamesOf(body: Buffer): string[] {
  try {
    const { TableName, RequestItems } = JSON.parse(body.toString()) as { TableName?: string; RequestItems?: object };
    return RequestItems === undefined ? [String(TableName)] : Object.keys(RequestItems);
  } catch {
    throw awsError("SerializationException", "The body is not JSON");
  }
}

async function forward(socket: string, { headers }: Incoming, body: Buffer): Promise<Outgoing> {
  const answer = await send(socket, { ...headers, "content-length": String(body.length) }, body);
  const { statusCode: status = 500 } = answer;
  const { "x-amz-crc32": crc = "", "content-type": type = "" } = answer.headers as Record<string, string>;
  const text = await buffer(answer);
  // Thrown, so that the journal hears of it as well.
  if (status >= 400) throw errorOf(text, status);
  return { status, headers: { "x-amz-crc32": crc, "content-type": type }, body: text };
}

/** `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException` is the error's name behind the #. */
function errorOf(text: Buffer, status: number): AwsError {
  const error = JSON.parse(text.toString()) as { __type?: string; message?: string; Message?: string };
  const code = error.__type?.split("#").pop() ?? "InternalServerError";
  return awsError(code, error.message ?? error.Message ?? "", status);
}

/** A request of the platform itself. dynalite wants to see a signature and does not verify it. */
async function ask(socket: string, operation: string, input: unknown): Promise<Buffer> {
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `DynamoDB_20120810.${operation}`,
    "x-amz-date": "20260101T000000Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=platform/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0",
  };
  return buffer(await send(socket, headers, Buffer.from(JSON.stringify(input))));
}

const send = (socketPath: string, headers: Incoming["headers"], body: Buffer): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    httpRequest({ socketPath, method: "POST", path: "/", headers }, resolve).on("error", reject).end(body);
  });
