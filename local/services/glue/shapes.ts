// shapes: what the catalogue and the crawlers hold, in the words of Glue's API, and back.

import { awsError } from "../../door/service";
import type {
  CatalogColumn,
  CatalogDatabase,
  CatalogPartition,
  CatalogTable,
  PartitionDefinition,
  Storage,
  TableDefinition,
} from "./catalog";
import type { CrawlerState } from "./crawlers";

export type Shape = Readonly<Record<string, unknown>>;

/** Seconds, as AWS JSON has times. */
const seconds = (ms: number): number => ms / 1_000;

export const databaseShape = ({ name, description, createdAt }: CatalogDatabase, CatalogId: string): Shape => ({
  Name: name,
  Description: description,
  CreateTime: seconds(createdAt),
  CatalogId,
});

export const tableShape = (table: CatalogTable, CatalogId: string): Shape => ({
  Name: table.name,
  DatabaseName: table.database,
  Description: table.description,
  CreateTime: seconds(table.createdAt),
  UpdateTime: seconds(table.updatedAt),
  Retention: 0,
  StorageDescriptor: storageShape(table),
  PartitionKeys: table.partitionKeys.map(columnShape),
  TableType: "EXTERNAL_TABLE",
  Parameters: table.parameters,
  IsRegisteredWithLakeFormation: false,
  CatalogId,
});

export const partitionShape = (partition: CatalogPartition, table: CatalogTable, CatalogId: string): Shape => ({
  Values: partition.values,
  DatabaseName: table.database,
  TableName: table.name,
  CreationTime: seconds(partition.createdAt),
  StorageDescriptor: storageShape(partition),
  Parameters: partition.parameters,
  CatalogId,
});

const columnShape = ({ name, type, comment }: CatalogColumn): Shape => ({ Name: name, Type: type, Comment: comment });

const storageShape = (storage: Storage): Shape => ({
  Columns: storage.columns.map(columnShape),
  Location: storage.location,
  InputFormat: storage.inputFormat,
  OutputFormat: storage.outputFormat,
  Compressed: false,
  NumberOfBuckets: -1,
  SerdeInfo: { SerializationLibrary: storage.serde, Parameters: storage.serdeParameters },
  StoredAsSubDirectories: false,
});

export function crawlerShape({ config, state, createdAt, runningSince, last }: CrawlerState, now: number): Shape {
  const { updateBehavior: UpdateBehavior, deleteBehavior: DeleteBehavior } = config;
  return {
    Name: config.name,
    Description: config.description,
    // Glue gives the name behind the ARN's last part, and takes both.
    Role: config.role.split(":role/").pop(),
    DatabaseName: config.database,
    TablePrefix: config.tablePrefix,
    Targets: { S3Targets: config.targets.map(({ path, exclusions }) => ({ Path: path, Exclusions: exclusions })) },
    Classifiers: [],
    RecrawlPolicy: { RecrawlBehavior: "CRAWL_EVERYTHING" },
    SchemaChangePolicy: { UpdateBehavior, DeleteBehavior },
    LineageConfiguration: { CrawlerLineageSettings: "DISABLE" },
    State: state,
    CrawlElapsedTime: runningSince === undefined ? 0 : now - runningSince,
    CreationTime: seconds(createdAt),
    LastUpdated: seconds(createdAt),
    Version: 1,
    Configuration: config.configuration,
    CrawlerSecurityConfiguration: config.securityConfiguration,
    ...(last === undefined
      ? {}
      : {
          LastCrawl: {
            Status: last.status,
            ErrorMessage: last.error,
            LogGroup: crawlerLogGroup,
            LogStream: config.name,
            StartTime: seconds(last.startedAt),
          },
        }),
  };
}

/** The group that Glue makes for the logs of all crawlers of an account. */
export const crawlerLogGroup = "/aws-glue/crawlers";

export const metricsShape = ({ config, last }: CrawlerState): Shape => ({
  CrawlerName: config.name,
  TimeLeftSeconds: 0,
  StillEstimating: false,
  LastRuntimeSeconds: seconds(last?.ms ?? 0),
  MedianRuntimeSeconds: seconds(last?.ms ?? 0),
  TablesCreated: last?.counts.created ?? 0,
  TablesUpdated: last?.counts.updated ?? 0,
  TablesDeleted: last?.counts.deleted ?? 0,
});

/** `TableInput` as a definition. */
export function tableFrom(input: unknown): TableDefinition {
  const {
    Name,
    Description,
    TableType,
    Parameters = {},
    PartitionKeys = [],
    StorageDescriptor,
    ...more
  } = fields(input, "TableInput");
  refuseMore("TableInput", more, ["Retention"]);
  if (TableType !== undefined && TableType !== "EXTERNAL_TABLE") notImitated(`TableType ${TableType}`);
  return {
    name: text(Name, "TableInput.Name"),
    ...(Description === undefined ? {} : { description: String(Description) }),
    partitionKeys: columnsFrom(PartitionKeys),
    parameters: Parameters as Record<string, string>,
    ...storageFrom(StorageDescriptor),
  };
}

/** `PartitionInput` as a definition. */
export function partitionFrom(input: unknown): PartitionDefinition {
  const { Values, Parameters = {}, StorageDescriptor, ...more } = fields(input, "PartitionInput");
  refuseMore("PartitionInput", more, ["LastAccessTime", "LastAnalyzedTime"]);
  if (!Array.isArray(Values)) throw invalid("PartitionInput.Values is missing");
  return {
    values: Values.map(String),
    parameters: Parameters as Record<string, string>,
    ...storageFrom(StorageDescriptor),
  };
}

/** What says no more than the default does. */
const defaults = ["Compressed", "NumberOfBuckets", "StoredAsSubDirectories", "BucketColumns", "SortColumns"];

function storageFrom(input: unknown): Storage {
  const { Columns = [], Location, InputFormat, OutputFormat, SerdeInfo, ...more } = fields(input, "StorageDescriptor");
  refuseMore("StorageDescriptor", more, defaults);
  const { SerializationLibrary, Parameters = {}, ...otherSerde } = fields(SerdeInfo, "SerdeInfo");
  refuseMore("SerdeInfo", otherSerde, ["Name"]);
  return {
    columns: columnsFrom(Columns),
    location: text(Location, "StorageDescriptor.Location"),
    inputFormat: text(InputFormat, "StorageDescriptor.InputFormat"),
    outputFormat: text(OutputFormat, "StorageDescriptor.OutputFormat"),
    serde: text(SerializationLibrary, "SerdeInfo.SerializationLibrary"),
    serdeParameters: Parameters as Record<string, string>,
  };
}

const columnsFrom = (input: unknown): CatalogColumn[] =>
  (input as readonly unknown[]).map((each) => {
    const { Name, Type, Comment, ...more } = fields(each, "Column");
    refuseMore("Column", more, []);
    return {
      name: text(Name, "Column.Name").toLowerCase(),
      type: text(Type, "Column.Type"),
      ...(Comment === undefined ? {} : { comment: String(Comment) }),
    };
  });

function fields(input: unknown, what: string): Shape {
  if (typeof input === "object" && input !== null) return input as Shape;
  throw invalid(`${what} is missing`);
}

/** Refuses what is given beyond what is understood, unless it says what would be so anyway. */
export function refuseMore(of: string, more: Shape, harmless: readonly string[]): void {
  const isEmpty = (value: unknown) =>
    value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  const isDefault = (key: string) =>
    harmless.includes(key) &&
    [undefined, false, 0, -1, "", ...(key === "Name" ? [more[key]] : [])].includes(more[key] as never);
  const other = Object.keys(more).find((key) => !isEmpty(more[key]) && !isDefault(key));
  if (other !== undefined) notImitated(`${of} with ${other}`);
}

export function notImitated(what: string): never {
  throw awsError("NotImplemented", `${what} is not imitated`, 501);
}

export function text(value: unknown, what: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw invalid(`${what} is missing`);
}

export const invalid = (message: string) => awsError("InvalidInputException", message);
