// positions: the position of every table of every source, kept in DynamoDB.

import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { beginning, type Position } from "./position";

export interface Kept {
  readonly dynamodb: DynamoDBClient;
  /** Its name. */
  readonly watermarks: string;
  readonly source: string;
  readonly table: string;
}

export async function readPosition({ dynamodb, watermarks, source, table }: Kept): Promise<Position> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: watermarks, Key: marshall({ source, table }), ConsistentRead: true }),
  );
  return Item === undefined ? beginning : (unmarshall(Item).position as Position);
}

/** Puts the position in the place of the one with its revision, and counts that up; tells whether that one was still there. */
export async function keepPosition(
  { dynamodb, watermarks, source, table }: Kept,
  position: Position,
): Promise<boolean> {
  const { revision } = position;
  const next = { ...position, revision: revision + 1 };
  try {
    await dynamodb.send(
      new PutItemCommand({
        TableName: watermarks,
        Item: marshall({ source, table, revision: next.revision, position: next, keptAt: new Date().toISOString() }),
        ...(revision === 0
          ? { ConditionExpression: "attribute_not_exists(revision)" }
          : {
              ConditionExpression: "revision = :read",
              ExpressionAttributeValues: marshall({ ":read": revision }),
            }),
      }),
    );
    return true;
  } catch (error) {
    if ((error as Error).name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
