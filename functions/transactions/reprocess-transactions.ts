// reprocess-transactions: a corrected feed in, or one that failed once more; the error that it corrects closed when all is
// well with it.
//
//   in    s3  feeds  reprocess/{seller}/{error id}/{file}    from POST /api/errors/{id}/reprocess, or put there by hand
//   out   as aggregate-transactions (aggregate-transactions.ts), and
//         dynamodb  feed-errors, audit    the error is resolved, and by what
//
// What the first try of a feed has taken is recognised row by row, so nothing counts twice. A correction with faults of its own
// opens an error of its own, and whatever corrects that one closes both. An error is closed when no fewer rows came through than
// were rejected. Fails and repeats as aggregate-transactions does.

import { stage } from "../../stage/stage";
import { objectCreated } from "../../stage/triggers";
import { type FeedGround, takesFeeds } from "./aggregate-transactions";
import { ingestion } from "./ingest/ingestion";

export const reprocessTransactions = (ground: FeedGround) =>
  stage(ground.platform, "reprocess-transactions", factory, {
    on: [objectCreated(ground.feeds, { prefix: "reprocess/" })],
    ...takesFeeds(ground, "reprocess/"),
  });

export const factory = () => ingestion("reprocess-transactions");
