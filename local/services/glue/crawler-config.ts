// crawler-config: what a crawler is told. Whatever would make it do something else than it does here is refused by name.

import type { Principal } from "../../door/principals";

export interface CrawlerConfig {
  readonly name: string;
  readonly description?: string;
  /** Of the role, as Glue answers it. */
  readonly role: string;
  /** The role, as it acts. */
  readonly principal: Principal;
  readonly database: string;
  readonly tablePrefix: string;
  readonly targets: readonly CrawlTarget[];
  readonly updateBehavior: "UPDATE_IN_DATABASE" | "LOG";
  readonly deleteBehavior: "LOG" | "DELETE_FROM_DATABASE" | "DEPRECATE_IN_DATABASE";
  /** JSON, as it was given. */
  readonly configuration: string;
  readonly securityConfiguration?: string;
}

export interface CrawlTarget {
  /** `s3://bucket/folder/`. */
  readonly path: string;
  /** Globs over what follows the path. */
  readonly exclusions: readonly string[];
}

export interface CrawlerBehaviour {
  /** Whether a table that is there gains columns only, and keeps the types that it has. */
  readonly newColumnsOnly: boolean;
  /** Whether partitions have the table's columns, and not those of their own files. */
  readonly inherit: boolean;
  /** The level of the folders that are tables; 1 is the bucket. */
  readonly tableLevel?: number;
}

/** Reads `configuration` (Glue Developer Guide, "Customizing crawler behavior"). */
export function behaviourOf({ name, configuration }: Pick<CrawlerConfig, "name" | "configuration">): CrawlerBehaviour {
  const { Version, Grouping = {}, CrawlerOutput = {}, CreatePartitionIndex = false, ...more } = objectIn(configuration);
  const { TableGroupingPolicy, TableLevelConfiguration, ...otherGrouping } = Grouping as Readonly<
    Record<string, unknown>
  >;
  const { Tables = {}, Partitions = {}, ...otherOutput } = CrawlerOutput as Readonly<Record<string, object>>;
  const refuse = (what: string): never => {
    throw new Error(`Cannot deploy the crawler "${name}": ${what} is not imitated`);
  };
  const other = Object.keys({ ...more, ...otherGrouping, ...otherOutput })[0];
  if (other !== undefined) refuse(`"${other}" in its configuration`);
  if (Version !== 1) refuse(`configuration version ${Version}`);
  if (CreatePartitionIndex !== false) refuse("an index of partitions");
  // By how much two schemas must resemble each other to be one table, AWS does not say.
  if (TableGroupingPolicy !== "CombineCompatibleSchemas") refuse("grouping by the likeness of schemas");
  if (TableLevelConfiguration !== undefined && !(Number(TableLevelConfiguration) >= 1)) {
    refuse(`table level ${TableLevelConfiguration}`);
  }
  const { AddOrUpdateBehavior: ofTables = "UPDATE", ...otherOfTables } = Tables as Readonly<Record<string, unknown>>;
  const { AddOrUpdateBehavior: ofPartitions = "OWN", ...otherOfPartitions } = Partitions as Readonly<
    Record<string, unknown>
  >;
  const another = Object.keys({ ...otherOfTables, ...otherOfPartitions })[0];
  if (another !== undefined) refuse(`"${another}" in its configuration`);
  if (!["UPDATE", "MergeNewColumns"].includes(String(ofTables))) refuse(`${ofTables} of tables`);
  if (!["OWN", "InheritFromTable"].includes(String(ofPartitions))) refuse(`${ofPartitions} of partitions`);
  return {
    newColumnsOnly: ofTables === "MergeNewColumns",
    inherit: ofPartitions === "InheritFromTable",
    ...(TableLevelConfiguration === undefined ? {} : { tableLevel: Number(TableLevelConfiguration) }),
  };
}

const objectIn = (json: string): Readonly<Record<string, unknown>> => JSON.parse(json) as Record<string, unknown>;
