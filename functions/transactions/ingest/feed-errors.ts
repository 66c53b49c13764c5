// feed-errors: what is wrong with feeds, an item each in DynamoDB, for sellers to look up and for whoever corrects them to
// close.

import { type DynamoDBClient, PutItemCommand, paginateQuery, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
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
 * Closes an error of which so many rows have come through, and gives it as it is then; nothing where there is none, or where
 * more of its rows were rejected. What closed it first stays written on it.
 */
export async function closeError(
  { dynamodb, table }: FeedErrors,
  { seller, errorId }: Pick<FeedError, "seller" | "errorId">,
  resolvedBy: NonNullable<FeedError["resolvedBy"]>,
): Promise<FeedError | undefined> {
  const update = new UpdateItemCommand({
    TableName: table,
    Key: marshall({ seller, errorId }),
    UpdateExpression: "SET #status = :resolved, resolvedBy = if_not_exists(resolvedBy, :by)",
    ConditionExpression: "attribute_exists(errorId) AND rowsRejected <= :rows",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: marshall({
      ":resolved": "resolved",
      ":by": resolvedBy,
      ":rows": resolvedBy.rowsCorrected,
    }),
    ReturnValues: "ALL_NEW",
  });
  const answer = await dynamodb.send(update).catch(unlessRefused);
  return answer?.Attributes && (unmarshall(answer.Attributes) as FeedError);
}

/** Errors of feeds that were to correct this one. */
export async function openCorrectionsOf(
  { dynamodb, table }: FeedErrors,
  { seller, errorId }: Pick<FeedError, "seller" | "errorId">,
): Promise<FeedError[]> {
  const query = {
    TableName: table,
    KeyConditionExpression: "seller = :seller",
    FilterExpression: "corrects = :id AND #status = :open",
    ExpressionAttributeNames: { "#status": "status" },
    ExpressionAttributeValues: marshall({ ":seller": seller, ":id": errorId, ":open": "open" }),
  };
  const found: FeedError[] = [];
  for await (const { Items = [] } of paginateQuery({ client: dynamodb }, query))
    found.push(...Items.map((item) => unmarshall(item) as FeedError));
  return found;
}

function unlessRefused(error: unknown): undefined {
  if ((error as Error).name !== "ConditionalCheckFailedException") throw error;
}
