// audit-fixture: a DynamoDB with the audit table, and rows to put into it.

import type { AddressInfo } from "node:net";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import dynalite from "dynalite";
import type { Audit } from "../../schemas/audit";
import { credentials } from "../aws-fixture";

const TableName = "audit";

/** Sets the environment for the clients that are made from now on. */
export async function auditTable() {
  const server = dynalite({ createTableMs: 0 });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  Object.assign(process.env, credentials, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, AUDIT_TABLE: TableName });
  const dynamodb = new DynamoDBClient({});
  const keys = ["object", "versionAndStage"] as const;
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keys.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keys.map((AttributeName, index) => ({ AttributeName, KeyType: index === 0 ? "HASH" : "RANGE" })),
    }),
  );
  return {
    put: (row: Pick<Audit, (typeof keys)[number] | "stage" | "outcome" | "error">) =>
      dynamodb.send(new PutItemCommand({ TableName, Item: marshall(row, { removeUndefinedValues: true }) })),
    async end() {
      dynamodb.destroy();
      await new Promise<unknown>((closed) => server.close(closed));
    },
  };
}
