// index: the table of contents. Settings, then the stacks in the order in which they stand on each other, then outputs.

import { lake as lakeStack } from "./stacks/lake";
import { operations } from "./stacks/operations";
import { readSettings } from "./stacks/settings";

const settings = readSettings();
const platform = operations(settings);
const lake = lakeStack(platform, settings);

export const rawBucket = lake.raw.bucket;
export const curatedBucket = lake.curated.bucket;
export const quarantineBucket = lake.quarantine.bucket;
export const auditTable = platform.audit.name;
