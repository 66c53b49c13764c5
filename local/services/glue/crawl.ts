// crawl: one run of a crawler, from listing its targets to writing the catalogue.
//
//   targets ──> files with their schemas ──> tables and partitions ──> catalogue: what is new, what changed, what is gone
//
// Nothing is written before everything was read: a crawl that may not read one target leaves the catalogue as it was.

import type { Catalog } from "./catalog";
import type { CrawledFiles, CrawledTarget } from "./crawled-files";
import type { CrawlerConfig } from "./crawler-config";
import { madeBy } from "./crawler-parameters";
import { removeTable } from "./remove-gone";
import { writeTables } from "./write-tables";

export interface Crawl {
  readonly config: CrawlerConfig;
  readonly files: CrawledFiles;
  readonly catalog: Catalog;
  /** Throws where the role may not. */
  readonly must: (action: string, table?: string) => void;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
  /** ISO 8601. */
  readonly at: string;
}

export interface CrawlCounts {
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
}

export async function crawl(run: Crawl): Promise<CrawlCounts> {
  const { config, catalog, log, must, signal } = run;
  const { database, targets, updateBehavior, deleteBehavior } = config;
  log(`BENCHMARK : Running Start Crawl for Crawler ${config.name}`);
  must("GetDatabase");
  if (catalog.database(database) === undefined) throw new Error(`Database ${database} not found.`);
  const read: CrawledTarget[] = [];
  for (const target of targets) {
    read.push(await run.files.read(target, signal).catch((error: Error) => refused(target.path, error)));
  }
  signal.throwIfAborted();
  log(`BENCHMARK : Classification complete, writing results to database ${database}`);
  log(`INFO : Crawler configured with SchemaChangePolicy ${JSON.stringify({ updateBehavior, deleteBehavior })}.`);
  const written = read.flatMap((target) => writeTables(run, target));
  const gone = catalog
    .tables(database)
    .filter(({ name, parameters }) => parameters[madeBy] === config.name && !written.some((it) => it.name === name));
  for (const table of gone) removeTable(run, table);
  log("BENCHMARK : Finished writing to Catalog");
  log("BENCHMARK : Crawler has finished running and is in state READY");
  const count = (outcome: string) => written.filter((it) => it.outcome === outcome).length;
  const deleted = deleteBehavior === "DELETE_FROM_DATABASE" ? gone.length : 0;
  return { created: count("created"), updated: count("updated"), deleted };
}

function refused(path: string, cause: Error): never {
  // S3's own errors are named after their code.
  const why = cause.name === "Error" ? cause.message : `${cause.name}: ${cause.message}`;
  throw new Error(`Cannot crawl ${path}: ${why}`, { cause });
}
