// parquet-table: a table of the catalog over Parquet files whose columns the program knows. No crawler has to find it.

import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { glueType } from "../schemas/column-types";
import type { ColumnType } from "../schemas/tables";

export interface ParquetTable {
  readonly database: aws.glue.CatalogDatabase;
  /** What Athena calls it; lower case, digits and underscores. */
  readonly table: string;
  readonly about: string;
  /** `s3://bucket/folder/`. */
  readonly location: pulumi.Input<string>;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly partitionKeys?: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
  /** Beside those that every such table has: how Athena finds partitions. */
  readonly parameters?: Readonly<Record<string, pulumi.Input<string>>>;
}

export const parquetTable = (
  name: string,
  { database, table, about, location, columns, partitionKeys = [], parameters = {} }: ParquetTable,
): aws.glue.CatalogTable =>
  new aws.glue.CatalogTable(name, {
    databaseName: database.name,
    name: table,
    description: about,
    tableType: "EXTERNAL_TABLE",
    parameters: { EXTERNAL: "TRUE", classification: "parquet", ...parameters },
    ...(partitionKeys.length === 0 ? {} : { partitionKeys: [...partitionKeys] }),
    storageDescriptor: {
      location,
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      serDeInfo: {
        serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
        parameters: { "serialization.format": "1" },
      },
      columns: Object.entries(columns).map(([column, type]) => ({ name: column, type: glueType(type) })),
    },
  });
