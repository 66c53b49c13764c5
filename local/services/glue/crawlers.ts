// crawlers: which crawlers there are, which of them run, and how their last run ended.
//
//   READY ──start──> RUNNING ──(end)──> READY
//                       └──stop──> STOPPING ──> READY
//
// One run at a time of each crawler. A run that the end of the process broke off begins anew at the next start.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock";
import { awsError } from "../../door/service";
import type { CrawlCounts } from "./crawl";
import type { CrawlerConfig } from "./crawler-config";

export interface LastCrawl {
  readonly status: "SUCCEEDED" | "CANCELLED" | "FAILED";
  readonly error?: string;
  /** Milliseconds of the clock. */
  readonly startedAt: number;
  readonly ms: number;
  readonly counts: CrawlCounts;
}

export interface CrawlerState {
  readonly config: CrawlerConfig;
  readonly state: "READY" | "RUNNING" | "STOPPING";
  readonly createdAt: number;
  readonly runningSince?: number;
  readonly last?: LastCrawl;
}

export interface Crawlers {
  /** Creates the crawler, or changes one that is there. */
  put(config: CrawlerConfig): void;
  /** By name. */
  all(): CrawlerState[];
  /** Throws Glue's error where there is none of that name. */
  named(name: string): CrawlerState;
  start(name: string): void;
  stop(name: string): void;
  /** Starts again what the end of the process broke off. */
  resume(): void;
  /** Resolves when none runs. */
  idle(): Promise<void>;
  end(): Promise<void>;
}

export interface CrawlersOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly run: (config: CrawlerConfig, signal: AbortSignal) => Promise<CrawlCounts>;
  /** Told of every run that has ended. */
  readonly onEnd: (config: CrawlerConfig, last: LastCrawl) => void;
}

/** What outlives the process. */
interface Kept {
  readonly createdAt: number;
  runningSince?: number | undefined;
  last?: LastCrawl | undefined;
}

interface Running {
  readonly abort: AbortController;
  readonly done: Promise<void>;
  stopping: boolean;
}

const none: CrawlCounts = { created: 0, updated: 0, deleted: 0 };

export function crawlers({ directory, clock, run, onEnd }: CrawlersOptions): Crawlers {
  const file = join(directory, "crawlers.json");
  const kept = new Map<string, Kept>(Object.entries(readKept(file)));
  const configs = new Map<string, CrawlerConfig>();
  const running = new Map<string, Running>();
  let ended = false;

  return {
    put(config) {
      configs.set(config.name, config);
      if (!kept.has(config.name)) keep(config.name, { createdAt: clock.now() });
    },
    all: () => [...configs.keys()].sort().map(named),
    named,
    start(name) {
      named(name);
      if (running.has(name)) throw awsError("CrawlerRunningException", `Crawler with name ${name} has already started`);
      begin(name);
    },
    stop(name) {
      named(name);
      const current = running.get(name);
      if (current === undefined)
        throw awsError("CrawlerNotRunningException", `Crawler with name ${name} isn't running`);
      if (current.stopping) throw awsError("CrawlerStoppingException", `Crawler with name ${name} is stopping`);
      current.stopping = true;
      current.abort.abort();
    },
    resume() {
      for (const [name, { runningSince }] of kept) if (runningSince !== undefined && configs.has(name)) begin(name);
    },
    async idle() {
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
    },
    async end() {
      ended = true;
      for (const { abort } of running.values()) abort.abort();
      await this.idle();
    },
  };

  function named(name: string): CrawlerState {
    const config = configs.get(name);
    const { createdAt = 0, runningSince, last } = kept.get(name) ?? {};
    if (config === undefined)
      throw awsError("EntityNotFoundException", `Crawler entry with name ${name} does not exist`);
    const current = running.get(name);
    return {
      config,
      state: current === undefined ? "READY" : current.stopping ? "STOPPING" : "RUNNING",
      createdAt,
      ...(current === undefined || runningSince === undefined ? {} : { runningSince }),
      ...(last === undefined ? {} : { last }),
    };
  }

  function begin(name: string): void {
    const { config } = named(name);
    const abort = new AbortController();
    const startedAt = clock.now();
    keep(name, { ...keptOf(name), runningSince: startedAt });
    const ran = run(config, abort.signal).then(
      (counts) => ({ status: "SUCCEEDED" as const, counts }),
      (error: Error) =>
        current.stopping
          ? { status: "CANCELLED" as const, counts: none }
          : { status: "FAILED" as const, error: error.message, counts: none },
    );
    const done = ran.then((outcome) => {
      running.delete(name);
      // Broken off by the end of the process, not by anybody who asked for it.
      if (ended && outcome.status !== "SUCCEEDED") return;
      const last = { ...outcome, startedAt, ms: clock.now() - startedAt };
      keep(name, { createdAt: keptOf(name).createdAt, last });
      onEnd(config, last);
    });
    const current: Running = { abort, done, stopping: false };
    running.set(name, current);
  }

  function keptOf(name: string): Kept {
    return kept.get(name) ?? { createdAt: clock.now() };
  }

  function keep(name: string, value: Kept): void {
    kept.set(name, value);
    // Renamed into place: a process that ends while it writes leaves what was there.
    writeFileSync(`${file}.next`, JSON.stringify(Object.fromEntries(kept)));
    renameSync(`${file}.next`, file);
  }
}

function readKept(file: string): Record<string, Kept> {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Record<string, Kept>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
    throw error;
  }
}
