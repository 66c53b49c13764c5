// A program of fixture stages: each is woken by one bucket, under keys of its own.

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { DataBucket } from "../data-bucket";
import type { Platform } from "../platform";
import { type HandlerFactory, stage } from "../stage";
import { objectCreated } from "../triggers";

export async function fixtures(factories: Readonly<Record<string, HandlerFactory<never, unknown>>>) {
  const platform = fixturePlatform();
  const inbox = new DataBucket("inbox", platform, { dataClass: "internal" });
  for (const [name, factory] of Object.entries(factories)) {
    const on = [objectCreated(inbox, { prefix: `${name}/`, suffix: ".ndjson" })];
    stage(platform, name, factory, { on, may: [], memory: 512, timeout: 10 });
  }
  return {};
}

const fixturePlatform = (): Platform => ({
  stack: pulumi.getStack(),
  pipeline: "fixtures",
  accountId: pulumi.output("123456789012"),
  architecture: "x86_64",
  audit: new aws.dynamodb.Table("audit", { attributes: [{ name: "object", type: "S" }], hashKey: "object" }),
  alarms: new aws.sns.Topic("alarms"),
  schedules: new aws.scheduler.ScheduleGroup("schedules"),
  protect: false,
  logRetentionDays: 7,
  logLevel: "INFO",
  duckdb: new aws.lambda.LayerVersion("duckdb", { layerName: "duckdb" }),
});
