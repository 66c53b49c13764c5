// remove-gone: tables and partitions without files any more stay, go, or are marked, as the crawler's policy says.

import type { CatalogTable, PartitionDefinition, TableDefinition } from "./catalog";
import type { Crawl } from "./crawl";
import { deprecated } from "./crawler-parameters";

export function removeTable({ config, catalog, must, log, at }: Crawl, gone: CatalogTable): void {
  if (config.deleteBehavior === "LOG") {
    log(`INFO : Table ${gone.name} has no files any more, and the policy is LOG`);
  } else if (config.deleteBehavior === "DELETE_FROM_DATABASE") {
    must("DeleteTable", gone.name);
    catalog.deleteTable(config.database, gone.name);
    log(`INFO : Deleted table ${gone.name}`);
  } else if (gone.parameters[deprecated] === undefined) {
    must("UpdateTable", gone.name);
    const { database: _d, createdAt: _c, updatedAt: _u, ...definition } = gone;
    const parameters = { ...gone.parameters, [deprecated]: at };
    catalog.putTable(config.database, { ...definition, parameters });
    log(`INFO : Deprecated table ${gone.name}`);
  }
}

export function removePartition(
  { config, catalog, must, log, at }: Crawl,
  table: TableDefinition,
  gone: PartitionDefinition,
): void {
  const which = `${gone.values.join("/")} of table ${table.name}`;
  if (config.deleteBehavior === "LOG") {
    log(`INFO : Partition ${which} has no files any more, and the policy is LOG`);
  } else if (config.deleteBehavior === "DELETE_FROM_DATABASE") {
    must("BatchDeletePartition", table.name);
    catalog.deletePartition(config.database, table.name, gone.values);
    log(`INFO : Deleted partition ${which}`);
  } else if (gone.parameters[deprecated] === undefined) {
    must("BatchUpdatePartition", table.name);
    const parameters = { ...gone.parameters, [deprecated]: at };
    catalog.putPartitions(config.database, table.name, [{ ...gone, parameters }]);
    log(`INFO : Deprecated partition ${which}`);
  }
}
