// audit-row: the row of a feed or a picture in the audit table. Written attribute by attribute, so that what was noted on it
// since - by whom a feed's error was resolved - stays when it comes again.

import { type DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Audit } from "../schemas/audit";

type Key = Pick<Audit, "object" | "versionAndStage">;

/** What is given as undefined is taken off the row. */
export async function writeAudit(
  { dynamodb, table }: { readonly dynamodb: DynamoDBClient; readonly table: string },
  { object, versionAndStage, ...attributes }: Key & { readonly [Name in keyof Audit]?: Audit[Name] | undefined },
): Promise<void> {
  const all = Object.entries(attributes);
  const given = all.filter(([, value]) => value !== undefined);
  const gone = all.filter(([, value]) => value === undefined);
  const set = `SET ${given.map(([name]) => `#${name} = :${name}`).join(", ")}`;
  const remove = gone.length === 0 ? "" : ` REMOVE ${gone.map(([name]) => `#${name}`).join(", ")}`;
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ object, versionAndStage }),
      UpdateExpression: `${set}${remove}`,
      ExpressionAttributeNames: Object.fromEntries(all.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: marshall(Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])), {
        removeUndefinedValues: true,
      }),
    }),
  );
}
