// feed-errors: what is wrong with feeds, an item each in DynamoDB, for sellers to look up and for whoever corrects them to close.

import { type DynamoDBClient, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { FeedError } from "../../../schemas/feed-error";

export interface FeedErrors {
  readonly dynamodb: DynamoDBClient;
  readonly table: string;
}

/** Puts it, unless it is there: a feed that comes twice does not open what was closed meanwhile. */
export async function openError({ dynamodb, table }: FeedErrors, error: FeedError): Promise<void> {
  const put = new PutItemCommand({
    TableName: table,
    Item: marshall(error, { removeUndefinedValues: true }),
    ConditionExpression: "attribute_not_exists(errorId) OR #status = :open",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: marshall({ ":open": "open" }),
  });
  await dynamodb.send(put).catch(unlessRefused);
}

/**
 * Closes an error, and gives it as it is then; nothing where there is none. What closed it first stays written on it. By what it
 * corrects itself, the errors before it are found.
 */
export async function resolveError(
  { dynamodb, table }: FeedErrors,
  { seller, errorId }: Pick<FeedError, "seller" | "errorId">,
  resolvedBy: NonNullable<FeedError["resolvedBy"]>,
): Promise<FeedError | undefined> {
  const update = new UpdateItemCommand({
    TableName: table,
    Key: marshall({ seller, errorId }),
    UpdateExpression: "SET #status = :resolved, resolvedBy = if_not_exists(resolvedBy, :by)",
    ConditionExpression: "attribute_exists(errorId)",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: marshall({ ":resolved": "resolved", ":by": resolvedBy }),
    ReturnValues: "ALL_NEW",
  });
  const answer = await dynamodb.send(update).catch(unlessRefused);
  return answer?.Attributes && (unmarshall(answer.Attributes) as FeedError);
}

function unlessRefused(error: unknown): undefined {
  if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
}
