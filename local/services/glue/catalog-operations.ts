// catalog-operations: Glue's API of the data catalogue.

import { awsError } from "../../door/service";
import type { Catalog, CatalogTable } from "./catalog";
import { type Context, type GlueOperation, paged } from "./operation";
import {
  databaseShape,
  invalid,
  partitionFrom,
  partitionShape,
  type Shape,
  tableFrom,
  tableShape,
  text,
} from "./shapes";

export const catalogOperations: Readonly<Record<string, GlueOperation>> = {
  GetDatabase: {
    ...onDatabase("GetDatabase"),
    takes: ["Name"],
    run: ({ Name }, { catalog, account }) => ({ Database: databaseShape(databaseOf(catalog, Name), account) }),
  },
  GetDatabases: {
    resource: () => "databases",
    needs: (_, { arns }) => arns.needs("GetDatabases", "*"),
    takes: ["MaxResults", "NextToken"],
    run: (input, { catalog, account }) =>
      paged(
        input,
        100,
        "DatabaseList",
        catalog.databases().map((it) => databaseShape(it, account)),
      ),
  },

  GetTable: {
    ...onTable("GetTable", byName),
    takes: ["DatabaseName", "Name"],
    run: ({ DatabaseName, Name }, { catalog, account }) => ({
      Table: tableShape(tableOf(catalog, DatabaseName, Name), account),
    }),
  },
  GetTables: {
    ...onTable("GetTables", () => "*"),
    takes: ["DatabaseName", "Expression", "MaxResults", "NextToken"],
    run({ DatabaseName, Expression, ...input }, { catalog, account }) {
      const { name } = databaseOf(catalog, DatabaseName);
      const pattern = wholeName(Expression ?? ".*");
      const tables = catalog.tables(name).filter((table) => pattern.test(table.name));
      return paged(
        input,
        100,
        "TableList",
        tables.map((table) => tableShape(table, account)),
      );
    },
  },
  CreateTable: {
    ...onTable("CreateTable", byInput),
    takes: ["DatabaseName", "TableInput"],
    run({ DatabaseName, TableInput }, { catalog }) {
      const { name } = databaseOf(catalog, DatabaseName);
      const table = tableFrom(TableInput);
      if (catalog.table(name, table.name))
        throw awsError("AlreadyExistsException", `Table ${table.name} already exists.`);
      catalog.putTable(name, table);
      return {};
    },
  },
  UpdateTable: {
    ...onTable("UpdateTable", byInput),
    takes: ["DatabaseName", "TableInput", "SkipArchive"],
    run({ DatabaseName, TableInput }, { catalog }) {
      const table = tableFrom(TableInput);
      const { database } = tableOf(catalog, DatabaseName, table.name);
      catalog.putTable(database, table);
      return {};
    },
  },
  DeleteTable: {
    ...onTable("DeleteTable", byName),
    takes: ["DatabaseName", "Name"],
    run({ DatabaseName, Name }, { catalog }) {
      const { database, name } = tableOf(catalog, DatabaseName, Name);
      catalog.deleteTable(database, name);
      return {};
    },
  },

  GetPartition: {
    ...onTable("GetPartition", byTableName),
    takes: ["DatabaseName", "TableName", "PartitionValues"],
    run({ DatabaseName, TableName, PartitionValues }, { catalog, account }) {
      const table = tableOf(catalog, DatabaseName, TableName);
      const partition = catalog.partition(table.database, table.name, (PartitionValues ?? []) as string[]);
      if (partition === undefined) throw awsError("EntityNotFoundException", "Cannot find partition.");
      return { Partition: partitionShape(partition, table, account) };
    },
  },
  GetPartitions: {
    ...onTable("GetPartitions", byTableName),
    takes: ["DatabaseName", "TableName", "MaxResults", "NextToken", "ExcludeColumnSchema"],
    run({ DatabaseName, TableName, ExcludeColumnSchema, ...input }, { catalog, account }) {
      const table = tableOf(catalog, DatabaseName, TableName);
      const partitions = catalog.partitions(table.database, table.name).map((partition) => {
        const shown = ExcludeColumnSchema === true ? { ...partition, columns: [] } : partition;
        return partitionShape(shown, table, account);
      });
      return paged(input, 1_000, "Partitions", partitions);
    },
  },
  BatchGetPartition: {
    ...onTable("BatchGetPartition", byTableName),
    takes: ["DatabaseName", "TableName", "PartitionsToGet"],
    run({ DatabaseName, TableName, PartitionsToGet = [] }, { catalog, account }) {
      const table = tableOf(catalog, DatabaseName, TableName);
      const wanted = PartitionsToGet as readonly { readonly Values: readonly string[] }[];
      if (wanted.length > 1_000) throw invalid("PartitionsToGet has more than 1000 members");
      // What is not there is left out (Glue API, "BatchGetPartition").
      const Partitions = wanted.flatMap(({ Values }) => {
        const partition = catalog.partition(table.database, table.name, Values);
        return partition === undefined ? [] : [partitionShape(partition, table, account)];
      });
      return { Partitions, UnprocessedKeys: [] };
    },
  },
  CreatePartition: {
    ...onTable("CreatePartition", byTableName),
    takes: ["DatabaseName", "TableName", "PartitionInput"],
    run({ DatabaseName, TableName, PartitionInput }, { catalog }) {
      const refused = createPartition(catalog, tableOf(catalog, DatabaseName, TableName), PartitionInput);
      if (refused !== undefined) throw refused;
      return {};
    },
  },
  BatchCreatePartition: {
    ...onTable("BatchCreatePartition", byTableName),
    takes: ["DatabaseName", "TableName", "PartitionInputList"],
    run({ DatabaseName, TableName, PartitionInputList = [] }, { catalog }) {
      const table = tableOf(catalog, DatabaseName, TableName);
      const inputs = PartitionInputList as readonly Shape[];
      if (inputs.length > 100) throw invalid("PartitionInputList has more than 100 members");
      const Errors = inputs.flatMap((input) => {
        const refused = createPartition(catalog, table, input);
        const { code: ErrorCode, message: ErrorMessage } = refused ?? {};
        return refused ? [{ PartitionValues: input.Values, ErrorDetail: { ErrorCode, ErrorMessage } }] : [];
      });
      return { Errors };
    },
  },
};

function databaseOf(catalog: Catalog, name: unknown) {
  const database = catalog.database(text(name, "DatabaseName"));
  if (database === undefined) throw awsError("EntityNotFoundException", `Database ${name} not found.`);
  return database;
}

function tableOf(catalog: Catalog, databaseName: unknown, name: unknown): CatalogTable {
  const { name: database } = databaseOf(catalog, databaseName);
  const table = catalog.table(database, text(name, "Name"));
  if (table === undefined) throw awsError("EntityNotFoundException", `Table ${name} not found.`);
  return table;
}

/** Gives the error where the partition is there already; throws where it does not fit the table. */
function createPartition(catalog: Catalog, { database, name, partitionKeys }: CatalogTable, input: unknown) {
  const partition = partitionFrom(input);
  if (partition.values.length !== partitionKeys.length) {
    throw invalid("The number of partition keys do not match the number of partition values");
  }
  if (catalog.partition(database, name, partition.values)) {
    return awsError("AlreadyExistsException", "Partition already exists.");
  }
  catalog.putPartitions(database, name, [partition]);
  return undefined;
}

function onDatabase(action: string) {
  return {
    resource: ({ Name }: Shape) => text(Name, "Name"),
    needs: ({ Name }: Shape, { arns }: Context) => arns.needs(action, text(Name, "Name").toLowerCase()),
  };
}

/** `table` finds the table's name in the input; the name of all tables is `*`. */
function onTable(action: string, table: (input: Shape) => unknown) {
  const names = (input: Shape) =>
    [text(input.DatabaseName, "DatabaseName").toLowerCase(), text(table(input), "Name").toLowerCase()] as const;
  return {
    resource: (input: Shape) => names(input).join("."),
    needs: (input: Shape, { arns }: Context) => arns.needs(action, ...names(input)),
  };
}

function byName({ Name }: Shape): unknown {
  return Name;
}

function byInput({ TableInput }: Shape): unknown {
  return (TableInput as Shape | undefined)?.Name;
}

function byTableName({ TableName }: Shape): unknown {
  return TableName;
}

/** Glue reads it as a regular expression over the whole name. */
function wholeName(expression: unknown): RegExp {
  try {
    return new RegExp(`^(?:${expression})$`);
  } catch {
    throw invalid(`Expression "${expression}" is no regular expression`);
  }
}
