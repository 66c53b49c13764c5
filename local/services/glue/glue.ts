// glue: AWS Glue as far as a lake uses it: the data catalogue and crawlers, for the unmodified SDK.
//
//   <directory>/catalog.sqlite    databases, tables, partitions
//   <directory>/crawlers.json     how each crawler's last run ended

import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Clock, systemClock } from "../../clock";
import type { Journal } from "../../door/journal";
import { refusalOf } from "../../door/policy";
import type { Service } from "../../door/service";
import { inputOf, jsonAnswer, jsonRefusal, targetOf } from "../json-protocol";
import { type Catalog, openCatalog } from "./catalog";
import { catalogArns } from "./catalog-arns";
import { catalogOperations } from "./catalog-operations";
import { crawl } from "./crawl";
import { type CrawledFiles, crawledFiles } from "./crawled-files";
import { behaviourOf, type CrawlerConfig } from "./crawler-config";
import { crawlerOperations } from "./crawler-operations";
import { crawlers as openCrawlers } from "./crawlers";
import type { Context, GlueOperation } from "./operation";
import { parquetReader } from "./parquet-schema";
import { notImitated, refuseMore } from "./shapes";

export interface Glue {
  readonly service: Service;
  readonly catalog: Catalog;
  /** Creates the crawler, or changes one that is there. */
  createCrawler(config: CrawlerConfig): void;
  /** Starts again the runs that the end of the process broke off. */
  resume(): void;
  /** Resolves when no crawler runs. */
  idle(): Promise<void>;
  end(): Promise<void>;
}

export interface GlueOptions {
  readonly directory: string;
  readonly region: string;
  readonly account: string;
  /** The door's address, by which crawlers read S3 in the name of their roles. */
  readonly endpoint: () => string;
  readonly journal: Journal;
  /** Opens a crawler's log; takes one line at a time. */
  readonly openLog: (config: CrawlerConfig) => (line: string) => void;
  readonly clock?: Clock;
}

/** AWS's own names. What is not here is refused by name. */
const operations: Readonly<Record<string, GlueOperation>> = { ...catalogOperations, ...crawlerOperations };

export function glue({
  directory,
  region,
  account,
  endpoint,
  journal,
  openLog,
  clock = systemClock(),
}: GlueOptions): Glue {
  mkdirSync(directory, { recursive: true });
  const footers = join(directory, "footers");
  rmSync(footers, { recursive: true, force: true });
  const catalog = openCatalog(directory, clock);
  const parquet = parquetReader(footers);
  const arns = catalogArns(region, account);
  const sources = new Map<string, CrawledFiles>();
  const logs = new Map<string, (line: string) => void>();

  const crawlers = openCrawlers({
    directory,
    clock,
    run: async (config, signal) => {
      const at = new Date(clock.now()).toISOString();
      return crawl({ config, files: filesOf(config), catalog, must: mustOf(config), log: logOf(config), signal, at });
    },
    onEnd(config, { status, error, ms, counts }) {
      if (error !== undefined) logOf(config)(`ERROR : ${error}`);
      journal.add({
        service: "glue",
        operation: "Crawl",
        principal: config.principal.name,
        resource: config.name,
        outcome: status === "SUCCEEDED" ? "ok" : status,
        ms,
        detail: { ...counts, ...(error === undefined ? {} : { message: error }) },
      });
    },
  });
  const context: Context = { catalog, crawlers, account, arns, now: () => clock.now() };

  return {
    catalog,
    service: {
      name: "glue",
      refusal: jsonRefusal,
      async operation(request) {
        const name = targetOf(request);
        const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
        if (operation === undefined) return notImitated(name);
        const { CatalogId, ...input } = await inputOf(request);
        if (CatalogId !== undefined && CatalogId !== account) notImitated(`Another account's catalogue (${CatalogId})`);
        refuseMore(
          name,
          Object.fromEntries(Object.entries(input).filter(([key]) => !operation.takes.includes(key))),
          [],
        );
        return {
          name,
          resource: operation.resource(input),
          needs: operation.needs(input, context),
          run: async () => jsonAnswer(operation.run(input, context)),
        };
      },
    },
    createCrawler(config) {
      behaviourOf(config);
      sources.get(config.name)?.end();
      sources.delete(config.name);
      crawlers.put(config);
    },
    resume: crawlers.resume,
    idle: crawlers.idle,
    async end() {
      await crawlers.end();
      for (const source of sources.values()) source.end();
      parquet.end();
      catalog.end();
    },
  };

  // Made at the first crawl: before, the door is not open.
  function filesOf({ name, principal }: CrawlerConfig): CrawledFiles {
    const source = sources.get(name) ?? crawledFiles(principal, endpoint(), region, parquet);
    sources.set(name, source);
    return source;
  }

  function logOf(config: CrawlerConfig): (line: string) => void {
    const log = logs.get(config.name) ?? openLog(config);
    logs.set(config.name, log);
    return log;
  }

  function mustOf({ principal, database }: CrawlerConfig) {
    return (action: string, table?: string) => {
      for (const need of arns.needs(action, database, table)) {
        const refusal = refusalOf(principal, need);
        if (refusal !== undefined) throw new Error(`AccessDeniedException: ${refusal}`);
      }
    };
  }
}
