// rejection: why nothing came of a version of a picture, as the stage that has refused it wrote down.

import { type DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Audit } from "../../../schemas/audit";

/** Nothing where no stage has refused it, so far. */
export async function rejectionOf(
  dynamodb: DynamoDBClient,
  TableName: string,
  { bucket, key, version }: { readonly bucket: string; readonly key: string; readonly version: string },
): Promise<Audit["error"]> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "#object = :object AND begins_with(versionAndStage, :version)",
      ExpressionAttributeNames: { "#object": "object" },
      ExpressionAttributeValues: marshall({ ":object": `${bucket}/${key}`, ":version": `${version}#` }),
    }),
  );
  const rows = Items.map((item) => unmarshall(item) as Audit);
  const { code, message } = rows.find(({ outcome }) => outcome === "rejected")?.error ?? {};
  return code === undefined || message === undefined ? undefined : { code, message };
}
