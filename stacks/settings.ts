// settings: the configuration of a stack, checked before anything is registered. Every key is described in Pulumi.yaml.

import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";

const whole = (what: string, minimum: number, maximum: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d+$/, `must be a whole number of ${what}`),
    v.transform(Number),
    v.minValue(minimum, `must be at least ${minimum}`),
    v.maxValue(maximum, `must be at most ${maximum}`),
  );

const flag = v.pipe(
  v.picklist(["true", "false"], "must be true or false"),
  v.transform((text) => text === "true"),
);

/** CloudWatch takes these and no others (PutRetentionPolicy). */
const retention = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const origins = v.pipe(
  v.string(),
  v.regex(
    /^https:\/\/[a-z0-9.-]+(:\d+)?(, *https:\/\/[a-z0-9.-]+(:\d+)?)*$/,
    "must be origins, as https://shop.example, with commas",
  ),
  v.transform((text) => text.split(/, */)),
);

const first = "must be the first day of a month, as 2020-01-01";

const Settings = v.object({
  architecture: v.picklist(["x86_64", "arm64"], "must be x86_64 or arm64"),
  nativePlatform: v.picklist(["linux", "darwin", "win32"], "must be linux, darwin or win32"),
  protect: flag,
  customerKey: flag,
  accessLogs: flag,
  accountConcurrency: whole("functions", 10, 1_000_000),
  alarmEmail: v.optional(v.pipe(v.string(), v.email("must be an e-mail address"))),
  logLevel: v.picklist(["DEBUG", "INFO", "WARN", "ERROR"], "must be DEBUG, INFO, WARN or ERROR"),
  logRetentionDays: v.pipe(
    whole("days", 1, 3_653),
    v.picklist(retention, `must be one of ${retention.join(", ")}, the only ones that CloudWatch takes`),
  ),
  rawRetentionDays: whole("days", 1, 3_650),
  quarantineRetentionDays: whole("days", 1, 3_650),
  historyFrom: v.pipe(v.string(), v.isoDate(first), v.endsWith("-01", first)),
  athenaScanLimitMb: whole("MB", 10, 7_000_000),
  athenaAboveMb: whole("MB", 0, 1_000_000),
  athenaResultsRetentionDays: whole("days", 1, 3_650),
  claudeModel: v.pipe(v.string(), v.regex(/^claude-[a-z0-9-]+$/, "must be a model of Anthropic, as claude-haiku-5-5")),
  voyageModel: v.pipe(v.string(), v.regex(/^voyage-[a-z0-9.-]+$/, "must be a model of Voyage, as voyage-3.5")),
  collectionsParameters: v.pipe(
    v.string(),
    v.regex(/^(\/[A-Za-z0-9_.-]+)+$/, "must be the path of parameters, as /collections"),
  ),
  databaseClass: v.pipe(v.string(), v.regex(/^db\.[a-z0-9]+\.[a-z0-9]+$/, "must be a class of RDS, as db.t4g.micro")),
  databaseBackupDays: whole("days", 7, 35),
  databaseMonitoring: flag,
  multiAz: flag,
  exportSchedule: v.optional(v.string()),
  sourceNetwork: v.picklist(["vpc", "internet"], "must be vpc or internet"),
  notificationsEmail: v.optional(v.pipe(v.string(), v.email("must be an e-mail address"))),
  feedsAtOnce: v.optional(whole("feeds", 1, 1_000)),
  picturesAtOnce: whole("batches", 2, 1_000),
  apiRate: whole("requests a second", 1, 10_000),
  apiBurst: whole("requests", 1, 5_000),
  apiOrigins: v.optional(origins),
  userThreatProtection: flag,
});

export type Settings = v.InferOutput<typeof Settings>;

/** Reads `tributary:*` of the stack; throws one error that names every wrong key and the command that sets it right. */
export function readSettings(): Settings {
  const config = new pulumi.Config("tributary");
  const given = Object.fromEntries(Object.keys(Settings.entries).map((key) => [key, config.get(key) || undefined]));
  const problems: string[] = [];
  const { success, output, issues } = v.safeParse(Settings, given);
  for (const issue of issues ?? []) {
    const key = v.getDotPath(issue) ?? "";
    const found = given[key] === undefined ? "it is not set" : `it is ${JSON.stringify(given[key])}`;
    const rule = given[key] === undefined ? "is needed" : issue.message;
    problems.push(`"tributary:${key}" ${rule}, and ${found}. Set it: pulumi config set tributary:${key} <value>`);
  }
  if (new pulumi.Config("aws").get("region") === undefined) {
    problems.push('"aws:region" is needed, and it is not set. Set it: pulumi config set aws:region eu-central-1');
  }
  if (success && problems.length === 0) return output;
  throw new pulumi.RunError(`Cannot configure stack "${pulumi.getStack()}":\n  ${problems.join("\n  ")}`);
}
