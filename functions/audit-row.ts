// audit-row: the row of a feed in the audit table. Written attribute by attribute, so that what was noted on it since - by
// whom its error was resolved - stays when the feed comes again.

import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Audit } from "../schemas/audit";

type Key = Pick<Audit, "object" | "versionAndStage">;

export async function writeAudit(
  { dynamodb, table }: { readonly dynamodb: DynamoDBClient; readonly table: string },
  { object, versionAndStage, ...attributes }: Key & Partial<Audit>,
): Promise<void> {
  const names = Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ object, versionAndStage }),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(
        Object.fromEntries(names.map((name) => [`:${name}`, attributes[name as keyof typeof attributes]])),
        { removeUndefinedValues: true },
      ),
    }),
  );
}
