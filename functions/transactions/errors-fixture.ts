// errors-fixture: a DynamoDB with the table feed-errors, and errors to put into it.

import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import dynalite from "dynalite";
import type { FeedError } from "../../schemas/feed-error";
import { credentials } from "../aws-fixture";

const TableName = "feed-errors";

/** Sets the environment for the clients that are made from now on. */
export async function errorsTable() {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  Object.assign(process.env, credentials, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, ERRORS_TABLE: TableName });
  const dynamodb = new DynamoDBClient({});
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "seller", AttributeType: "S" },
        { AttributeName: "errorId", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "seller", KeyType: "HASH" },
        { AttributeName: "errorId", KeyType: "RANGE" },
      ],
    }),
  );
  return {
    dynamodb,
    table: TableName,
    async put(...errors: readonly FeedError[]) {
      for (const error of errors) {
        const Item = marshall(error, { removeUndefinedValues: true });
        await dynamodb.send(new PutItemCommand({ TableName, Item }));
      }
    },
    async end() {
      dynamodb.destroy();
      await new Promise<unknown>((closed) => server.close(closed));
    },
  };
}

/** Of March 2026, the `minute`th, in UTC. */
export const errorId = (minute: number, hash = "0123456789ab") =>
  `20260301T10${String(minute).padStart(2, "0")}00000Z-${hash}`;

export const feedError = (more: Partial<FeedError> = {}): FeedError => ({
  seller: "acme",
  errorId: errorId(0),
  uploadId: "u1",
  object: "feeds/uploads/acme/u1/März 1.csv",
  version: "v+1/=",
  stage: "aggregate-transactions",
  file: "März 1.csv",
  uploadedAt: "2026-03-01T10:00:00.000Z",
  at: "2026-03-01T10:00:05.000Z",
  code: "RowsRejected",
  message: "1 of 2 rows break a rule",
  status: "open",
  rowsIn: 2,
  rowsAccepted: 1,
  rowsDuplicate: 0,
  rowsRejected: 1,
  sample: [{ row: 2, line: 3, problems: [{ field: "quantity", reason: "must not be 0", found: "0" }] }],
  rejected: `rows/acme/${errorId(0)}.csv`,
  ...more,
});
