// crawler-operations: Glue's API of crawlers. What makes and changes them is Pulumi's business and not imitated.

import { type Context, type GlueOperation, paged } from "./operation";
import { crawlerShape, metricsShape, type Shape, text } from "./shapes";

export const crawlerOperations: Readonly<Record<string, GlueOperation>> = {
  StartCrawler: {
    ...onCrawler("StartCrawler"),
    run({ Name }, { crawlers }) {
      crawlers.start(text(Name, "Name"));
      return {};
    },
  },
  StopCrawler: {
    ...onCrawler("StopCrawler"),
    run({ Name }, { crawlers }) {
      crawlers.stop(text(Name, "Name"));
      return {};
    },
  },
  GetCrawler: {
    ...onCrawler("GetCrawler"),
    run: ({ Name }, { crawlers, now }) => ({ Crawler: crawlerShape(crawlers.named(text(Name, "Name")), now()) }),
  },
  GetCrawlers: {
    ...onCrawlers("GetCrawlers"),
    takes: ["MaxResults", "NextToken"],
    run: (input, { crawlers, now }) =>
      paged(
        input,
        100,
        "Crawlers",
        crawlers.all().map((crawler) => crawlerShape(crawler, now())),
      ),
  },
  GetCrawlerMetrics: {
    ...onCrawlers("GetCrawlerMetrics"),
    takes: ["CrawlerNameList", "MaxResults", "NextToken"],
    run({ CrawlerNameList, ...input }, { crawlers }) {
      const names = (CrawlerNameList ?? crawlers.all().map(({ config }) => config.name)) as string[];
      return paged(
        input,
        100,
        "CrawlerMetricsList",
        names.map((name) => metricsShape(crawlers.named(name))),
      );
    },
  },
};

function onCrawler(action: string) {
  return {
    takes: ["Name"],
    resource: ({ Name }: Shape) => text(Name, "Name"),
    needs: ({ Name }: Shape, { arns }: Context) => [
      { action: `glue:${action}`, resource: arns.crawler(text(Name, "Name")) },
    ],
  };
}

/** Of all crawlers: none of them can be named (Service Authorization Reference, "AWS Glue"). */
function onCrawlers(action: string) {
  return { resource: () => "crawlers", needs: () => [{ action: `glue:${action}`, resource: "*" }] };
}
