// athena: what is asked of a workgroup, of where it puts what its queries answer, and of the queries that come with it.

import { changed, input, ofType, type Resource, type Rule, without } from "./rule";

const configuration = (workgroup: Resource, key: string) => input(workgroup, `configuration.${key}`);

/** The program's workgroups with one value of their configuration another one. */
const reconfigured = (resources: readonly Resource[], change: Readonly<Record<string, unknown>>): Resource[] =>
  ofType(resources, "athena/workgroup").reduce<Resource[]>(
    (all, { inputs }) =>
      changed(all, "athena/workgroup", { configuration: { ...(inputs.configuration as object), ...change } }),
    [...resources],
  );

const bucketOf = (workgroup: Resource, resources: readonly Resource[]) => {
  const location = String(configuration(workgroup, "resultConfiguration.outputLocation"));
  return ofType(resources, "s3/bucket").find(({ outputs }) => location.startsWith(`s3://${outputs.bucket}/`));
};

/** The most that Athena takes as the text of a query, in bytes (Athena User Guide, "Service Quotas"). */
const longestQuery = 262_144;

export const athena: readonly Rule[] = [
  {
    ids: ["CKV_AWS_82"],
    says: "a workgroup's settings hold for whoever queries through it",
    level: "M",
    of: ["athena/workgroup"],
    found: (workgroup) =>
      configuration(workgroup, "enforceWorkgroupConfiguration") === true ? undefined : "a client may set its own",
    remedy: "set configuration.enforceWorkgroupConfiguration",
    broken: (resources) => reconfigured(resources, { enforceWorkgroupConfiguration: false }),
  },
  {
    ids: ["CKV_AWS_159", "CKV_AWS_77"],
    says: "the results of queries are encrypted",
    level: "M",
    of: ["athena/workgroup"],
    found: (workgroup) => {
      const option = configuration(workgroup, "resultConfiguration.encryptionConfiguration.encryptionOption");
      return option === "SSE_S3" || option === "SSE_KMS" ? undefined : `their encryption is ${option}`;
    },
    remedy: "set configuration.resultConfiguration.encryptionConfiguration",
    broken: (resources) => reconfigured(resources, { resultConfiguration: {} }),
  },
  {
    ids: ["own: results under the stack's key"],
    says: "the results of queries are encrypted with the stack's own key",
    level: "P",
    of: ["athena/workgroup"],
    found: (workgroup, resources) => {
      const key = configuration(workgroup, "resultConfiguration.encryptionConfiguration.kmsKeyArn");
      return ofType(resources, "kms/key").some(({ outputs }) => outputs.arn === key)
        ? undefined
        : `their key is ${key}`;
    },
    remedy: "set encryptionOption to SSE_KMS and kmsKeyArn to the platform's key",
    broken: (resources) => reconfigured(resources, { resultConfiguration: {} }),
  },
  {
    ids: ["own: scan limit"],
    says: "a query that reads too much is cancelled, and how much is read is measured",
    level: "M",
    of: ["athena/workgroup"],
    found: (workgroup) => {
      const limit = Number(configuration(workgroup, "bytesScannedCutoffPerQuery"));
      // The least that Athena takes (aws.athena.Workgroup).
      if (!(limit >= 10_485_760)) return `its limit is ${limit}`;
      return configuration(workgroup, "publishCloudwatchMetricsEnabled") === true ? undefined : "no metrics";
    },
    remedy: "set configuration.bytesScannedCutoffPerQuery and publishCloudwatchMetricsEnabled",
    broken: (resources) => reconfigured(resources, { bytesScannedCutoffPerQuery: 0 }),
  },
  {
    ids: ["own: engine version"],
    says: "a workgroup stays on the engine that its queries are tested with",
    level: "M",
    of: ["athena/workgroup"],
    found: (workgroup) => {
      const version = configuration(workgroup, "engineVersion.selectedEngineVersion");
      return version === "Athena engine version 3" ? undefined : `it is ${version}`;
    },
    remedy: 'set configuration.engineVersion.selectedEngineVersion to "Athena engine version 3"',
    broken: (resources) => reconfigured(resources, { engineVersion: { selectedEngineVersion: "AUTO" } }),
  },
  {
    ids: ["own: results expire"],
    says: "the results of queries lie in a bucket of the program, and not for good",
    level: "M",
    of: ["athena/workgroup"],
    found: (workgroup, resources) => {
      const bucket = bucketOf(workgroup, resources);
      if (bucket === undefined) return `they go to ${configuration(workgroup, "resultConfiguration.outputLocation")}`;
      const expire = ofType(resources, "s3/bucketLifecycleConfiguration")
        .filter(({ inputs }) => inputs.bucket === bucket.outputs.bucket)
        .some(({ inputs }) => (inputs.rules as { expiration?: object }[]).some(({ expiration }) => expiration));
      return expire ? undefined : "they stay";
    },
    remedy: "give it a DataBucket with expireAfterDays",
    broken: (resources) => without(resources, "s3/bucketLifecycleConfiguration"),
  },
  {
    ids: ["own: a workgroup outlives the program"],
    says: "a workgroup with queries and their history in it is not destroyed in passing",
    level: "P",
    of: ["athena/workgroup"],
    found: ({ inputs: { forceDestroy } }) => (forceDestroy === false ? undefined : `forceDestroy is ${forceDestroy}`),
    remedy: "set forceDestroy: !platform.protect",
    broken: (resources) => changed(resources, "athena/workgroup", { forceDestroy: true }),
  },
  {
    ids: ["own: named queries"],
    says: "a named query asks one question, says which, and is asked in a workgroup and a database of the program",
    level: "M",
    of: ["athena/namedQuery"],
    found: ({ inputs: { workgroup, database, description, query } }, resources) => {
      const named = (type: string, name: unknown) =>
        ofType(resources, type).some(({ outputs }) => outputs.name === name);
      if (!named("athena/workgroup", workgroup)) return `its workgroup is ${workgroup}`;
      if (!named("glue/catalogDatabase", database)) return `its database is ${database}`;
      if (!String(description ?? "").includes("?")) return `its description is ${description}`;
      const text = String(query);
      if (text.includes(";") || Buffer.byteLength(text) > longestQuery) return "more than one statement, or too long";
      return undefined;
    },
    remedy: "write it in stacks/queries/, the question first",
    broken: (resources) => changed(resources, "athena/namedQuery", { query: "SELECT 1; DROP TABLE orders" }),
  },
];
