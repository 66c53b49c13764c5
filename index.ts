// index: the table of contents. Settings, then the stacks in the order in which they stand on each other, then outputs.

import { analytics as analyticsStack } from "./stacks/analytics";
import { api as apiStack } from "./stacks/api";
import { collections as collectionsStack } from "./stacks/collections";
import { database as databaseStack } from "./stacks/database";
import { lake as lakeStack } from "./stacks/lake";
import { network as networkStack } from "./stacks/network";
import { operations } from "./stacks/operations";
import { readSettings } from "./stacks/settings";
import { systems } from "./stacks/systems";
import { transactions as transactionsStack } from "./stacks/transactions";
import { deadLetterQueues as allDeadLetterQueues } from "./stage/dead-letter-queue";

const settings = readSettings();
const platform = operations(settings);
const network = networkStack(platform, settings);
const database = databaseStack(platform, network, settings);
const lake = lakeStack(platform, database.placement, settings);
const analytics = analyticsStack(platform, lake, settings);
systems(platform, { curated: lake.curated, analytics }, settings);
const api = apiStack(platform, settings);
const transactions = transactionsStack(platform, { database, api: api.http }, settings);
const collections = collectionsStack(platform, { database, api: api.http }, settings);

export const rawBucket = lake.raw.bucket;
export const curatedBucket = lake.curated.bucket;
export const quarantineBucket = lake.quarantine.bucket;
export const auditTable = platform.audit.name;
export const sourceDatabaseSecret = lake.source.arn;
export const exportFunction = lake.exportTables.function.name;
export const databaseEndpoint = database.endpoint;
export const databaseSecret = database.secretArn;
export const athenaWorkgroup = analytics.workgroup.name;
export const athenaDatabase = analytics.database.name;
export const athenaResultsBucket = analytics.results.bucket;
export const prodBuckets = analytics.prodBuckets;
export const apiUrl = api.http.url;
export const userPool = api.userPool.id;
export const apiClient = api.client.id;
export const feedsBucket = transactions.feeds.bucket;
export const rejectedFeedsBucket = transactions.rejected.bucket;
export const feedErrorsTable = transactions.errors.name;
export const notificationsTopic = transactions.notifications.arn;
export const imagesBucket = collections.images.bucket;
/** Of the stack, where it has one of its own. */
export const stackKey = platform.key?.arn ?? "";
/** By their names; the last line, when every stage has made its own. */
export const deadLetterQueues = allDeadLetterQueues();
