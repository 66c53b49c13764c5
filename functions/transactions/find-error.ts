// find-error: an error of a feed by its id, of whichever of some sellers it is.

import { type DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { FeedError } from "../../schemas/feed-error";
import type { Seller } from "../../schemas/seller";
import { problem } from "../../stage/answer";

/** As it is now. Throws the problem NotFound where there is none. */
export async function findError(
  dynamodb: DynamoDBClient,
  TableName: string,
  sellers: readonly Seller[],
  errorId: string,
): Promise<FeedError> {
  for (const seller of sellers) {
    const get = new GetItemCommand({ TableName, Key: marshall({ seller, errorId }), ConsistentRead: true });
    const { Item } = await dynamodb.send(get);
    if (Item !== undefined) return unmarshall(Item) as FeedError;
  }
  throw problem("NotFound", `Cannot find error "${errorId}": there is none of yours with this id`);
}
