// newest-errors: a page of the errors of some sellers, the newest first, merged from each seller's own order.

import { type AttributeValue, type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { FeedError } from "../../../schemas/feed-error";
import type { Seller } from "../../../schemas/seller";

export type ListedError = Omit<FeedError, "sample" | "rejected">;

export interface ErrorsAsked {
  readonly table: string;
  readonly sellers: readonly Seller[];
  readonly status: "open" | "resolved" | undefined;
  readonly limit: number;
  /** The last error of the page before. */
  readonly after: Place | undefined;
}

export interface Place {
  readonly errorId: string;
  readonly seller: Seller;
}

/** One more than `limit`, where there are. */
export async function newestErrors(dynamodb: DynamoDBClient, asked: ErrorsAsked): Promise<ListedError[]> {
  const each = await Promise.all(asked.sellers.map((seller) => ofSeller(dynamodb, asked, seller)));
  return each
    .flat()
    .sort(inOrder)
    .slice(0, asked.limit + 1);
}

/** The newest first; of one moment by the seller. */
function inOrder(a: Place, b: Place): number {
  if (a.errorId !== b.errorId) return a.errorId < b.errorId ? 1 : -1;
  return a.seller === b.seller ? 0 : a.seller < b.seller ? -1 : 1;
}

/** A page of a query ends at 1 MB, and is looked through for the status afterwards: it may hold few, or none. */
async function ofSeller(
  dynamodb: DynamoDBClient,
  { table, status, limit, after }: ErrorsAsked,
  seller: Seller,
): Promise<ListedError[]> {
  const found: ListedError[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await dynamodb.send(
      new QueryCommand({
        TableName: table,
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: limit + 1,
        ...condition(seller, status, after),
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    found.push(...Items.map((item) => listed(unmarshall(item) as FeedError)));
    from = LastEvaluatedKey;
  } while (from !== undefined && found.length <= limit);
  return found;
}

function condition(seller: Seller, status: ErrorsAsked["status"], after: Place | undefined) {
  // The error of this very moment, if it is of a seller that comes behind.
  const behind = after === undefined ? "" : ` AND errorId ${seller > after.seller ? "<=" : "<"} :after`;
  return {
    KeyConditionExpression: `seller = :seller${behind}`,
    ExpressionAttributeValues: marshall(
      { ":seller": seller, ":after": after?.errorId, ":status": status },
      { removeUndefinedValues: true },
    ),
    ...(status === undefined
      ? {}
      : { FilterExpression: "#status = :status", ExpressionAttributeNames: { "#status": "status" } }),
  };
}

const listed = ({ sample: _, rejected: __, ...error }: FeedError): ListedError => error;
