// item-records-client: item-records, asked by its function.

import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { ItemRecordsAnswer, ItemRecordsRequest } from "../../schemas/item-records";
import { invokeStage } from "../invoke-stage";

/** For a factory; gives what to call. What fails there is thrown here, to be tried again. */
export const itemRecords =
  (lambda: LambdaClient, functionName: string) =>
  async <Request extends ItemRecordsRequest>(request: Request): Promise<ItemRecordsAnswer<Request>> =>
    (await invokeStage(lambda, functionName, request)) as ItemRecordsAnswer<Request>;
