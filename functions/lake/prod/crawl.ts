// crawl: the catalog brought up to date, where a system's datasets have what it does not know.
//
// A crawl costs money and a minute, so none is started for rows that merely changed. What is missing is read from the catalog itself and
// not remembered: a run that broke off before its crawl leaves it to the next one.

import { promises as timers } from "node:timers";
import { BatchGetPartitionCommand, GetTableCommand, type GlueClient, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { glueType } from "../../../schemas/column-types";
import { athenaTable, type Dataset, datasetsOf, type System } from "../../../schemas/datasets";

export interface Catalog {
  readonly glue: GlueClient;
  readonly database: string;
  readonly crawler: string;
  readonly system: System;
}

/**
 * Starts the crawler if the catalog lacks a dataset, a column of one, or one of these partitions; tells whether. A column of another
 * type is an error with the code `CatalogDiffers`: crawls add columns and change none.
 */
export async function crawlWhereNeeded(
  catalog: Catalog,
  partitions: Readonly<Record<string, readonly string[]>>,
): Promise<boolean> {
  for (const [name, dataset] of Object.entries(datasetsOf(catalog.system))) {
    if (!(await isKnown(catalog, name, dataset, partitions[name] ?? []))) {
      await start(catalog);
      return true;
    }
  }
  return false;
}

async function isKnown(
  { glue, database, system }: Catalog,
  name: string,
  { columns }: Dataset,
  partitions: readonly string[],
): Promise<boolean> {
  const table = athenaTable(system, name);
  try {
    const { Table } = await glue.send(new GetTableCommand({ DatabaseName: database, Name: table }));
    const found = new Map((Table?.StorageDescriptor?.Columns ?? []).map(({ Name = "", Type }) => [Name, Type]));
    for (const [column, { type }] of Object.entries(columns)) {
      if (!found.has(column)) return false;
      if (found.get(column) !== glueType(type)) throw differs(table, column, glueType(type), found.get(column));
    }
    // BatchGetPartition takes a thousand at once.
    for (let from = 0; from < partitions.length; from += 1_000) {
      const PartitionsToGet = partitions.slice(from, from + 1_000).map((value) => ({ Values: [value] }));
      const { Partitions = [] } = await glue.send(
        new BatchGetPartitionCommand({ DatabaseName: database, TableName: table, PartitionsToGet }),
      );
      if (Partitions.length < PartitionsToGet.length) return false;
    }
    return true;
  } catch (error) {
    if ((error as Error).name === "EntityNotFoundException") return false;
    throw error;
  }
}

const differs = (table: string, column: string, type: string, found: string | undefined) =>
  Object.assign(
    new Error(
      `Cannot keep "${table}" in the catalog: its column "${column}" is ${type}, and the catalog says ${found}. ` +
        "Delete the table from the catalog, and the next run has it crawled anew.",
    ),
    { name: "CatalogDiffers", code: "CatalogDiffers" },
  );

/** In milliseconds: a crawl takes a minute or two. */
const patience = 300_000;

/** A crawl that runs already may have passed the new folder: its end is waited for, and another one started. */
async function start({ glue, crawler }: Catalog): Promise<void> {
  for (let waited = 0, pause = 500; ; waited += pause, pause = Math.min(15_000, pause * 2)) {
    try {
      await glue.send(new StartCrawlerCommand({ Name: crawler }));
      return;
    } catch (error) {
      if ((error as Error).name !== "CrawlerRunningException") throw error;
      if (waited > patience) {
        throw new Error(
          `Cannot start crawler "${crawler}": it has been running for ${patience / 60_000} minutes; its log says what it is at`,
          {
            cause: error,
          },
        );
      }
    }
    await timers.setTimeout(pause);
  }
}
