// glue: what is asked of the catalogue and of the crawlers that fill it.

import { allows, list, policyOf } from "./policy";
import { changed, input, ofType, type Resource, type Rule } from "./rule";

const roleOf = (crawler: Resource, resources: readonly Resource[]) =>
  ofType(resources, "iam/role").find(({ outputs }) => outputs.arn === crawler.inputs.role);

/** The ARN patterns of the objects that a crawler is to look at. */
const targetsOf = ({ inputs }: Resource): string[] =>
  ((inputs.s3Targets ?? []) as { path?: unknown }[]).map(({ path }) => `${path}*`.replace("s3://", "arn:aws:s3:::"));

/** What a role may read in S3. */
const readBy = (role: Resource | undefined, resources: readonly Resource[]): string[] =>
  ofType(resources, "iam/rolePolicy")
    .filter(({ inputs }) => inputs.role === role?.outputs.name)
    .flatMap(allows)
    .filter(({ Action }) => list(Action).includes("s3:GetObject"))
    .flatMap(({ Resource }) => list(Resource));

export const glue: readonly Rule[] = [
  {
    ids: ["own: names for Athena"],
    says: "a database, a table and what a crawler calls its tables have names that Athena takes unquoted",
    level: "M",
    of: ["glue/catalogDatabase", "glue/catalogTable", "glue/crawler"],
    found: ({ type, outputs: { name, tablePrefix } }) => {
      const told = type.endsWith(":Crawler") ? tablePrefix : name;
      return /^[a-z][a-z0-9_]{0,127}$/.test(String(told)) ? undefined : `it is called ${told}`;
    },
    remedy: "give it a name of lower-case letters, digits and underscores: an automatic one has a hyphen",
    broken: (resources) =>
      resources.map((it) => ({ ...it, outputs: { ...it.outputs, name: `${it.outputs.name}-1a2b3c4` } })),
  },
  {
    ids: ["own: a crawler's own folders"],
    says: "a crawler has a role of its own that reads its targets and nothing else",
    level: "M",
    of: ["glue/crawler"],
    found: (crawler, resources) => {
      const role = roleOf(crawler, resources);
      if (role === undefined) return `its role is ${crawler.inputs.role}`;
      const users = resources.filter(({ inputs }) => inputs.role === role.outputs.arn);
      if (users.length > 1) return `its role is shared by ${users.map(({ name }) => name).join(", ")}`;
      const targets = targetsOf(crawler);
      const read = readBy(role, resources);
      const hidden = targets.find((target) => !read.includes(target));
      if (hidden !== undefined) return `it may not read ${hidden}`;
      return read.find((arn) => !targets.includes(arn));
    },
    remedy: "make it with crawler() of stage/crawler.ts",
    broken: (resources) =>
      changed(resources, "iam/rolePolicy", {
        policy: policyOf({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::everything/*" }),
      }),
  },
  {
    ids: ["own: stable schema"],
    says: "a crawler adds columns and partitions, and takes nothing away from a table that is queried",
    level: "M",
    of: ["glue/crawler"],
    found: (crawler) => {
      const { Grouping, CrawlerOutput } = configurationOf(crawler);
      const said = [
        input(crawler, "schemaChangePolicy.updateBehavior"),
        input(crawler, "schemaChangePolicy.deleteBehavior"),
        Grouping?.TableGroupingPolicy,
        CrawlerOutput?.Tables?.AddOrUpdateBehavior,
        CrawlerOutput?.Partitions?.AddOrUpdateBehavior,
      ].join(", ");
      const wanted = "UPDATE_IN_DATABASE, LOG, CombineCompatibleSchemas, MergeNewColumns, InheritFromTable";
      return said === wanted ? undefined : said;
    },
    remedy: "make it with crawler() of stage/crawler.ts",
    broken: (resources) =>
      changed(resources, "glue/crawler", {
        schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "DELETE_FROM_DATABASE" },
      }),
  },
  {
    ids: ["own: crawled on demand"],
    says: "a crawler runs when somebody has written, not by the clock",
    level: "M",
    of: ["glue/crawler"],
    found: ({ inputs: { schedule } }) => (schedule === undefined ? undefined : `it runs at ${schedule}`),
    remedy: "leave schedule out, and let the stage that writes start it: crawl() in `may`",
    broken: (resources) => changed(resources, "glue/crawler", { schedule: "cron(0 * * * ? *)" }),
  },
  {
    ids: ["CKV_AWS_195"],
    says: "a crawler's log is encrypted as a security configuration of the program says",
    level: "P",
    of: ["glue/crawler"],
    found: ({ inputs: { securityConfiguration } }, resources) =>
      ofType(resources, "glue/securityConfiguration").some(({ outputs }) => outputs.name === securityConfiguration)
        ? undefined
        : `its security configuration is ${securityConfiguration}`,
    remedy: "give it the security configuration of stacks/analytics.ts",
    broken: (resources) => changed(resources, "glue/crawler", { securityConfiguration: undefined }),
  },
  {
    ids: ["CKV_AWS_99", "AwsSolutions-GL1", "AwsSolutions-GL3"],
    says: "a security configuration encrypts logs, bookmarks and files, with the stack's own key",
    level: "P",
    of: ["glue/securityConfiguration"],
    found: (configuration, resources) => {
      const keys = ofType(resources, "kms/key").map(({ outputs }) => outputs.arn);
      const kinds = {
        cloudwatchEncryption: ["cloudwatchEncryptionMode", "SSE-KMS"],
        jobBookmarksEncryption: ["jobBookmarksEncryptionMode", "CSE-KMS"],
        s3Encryption: ["s3EncryptionMode", "SSE-KMS"],
      };
      return Object.entries(kinds).find(([kind, [mode, wanted]]) => {
        const at = `encryptionConfiguration.${kind}`;
        return (
          input(configuration, `${at}.${mode}`) !== wanted || !keys.includes(input(configuration, `${at}.kmsKeyArn`))
        );
      })?.[0];
    },
    remedy: "set its mode, and kmsKeyArn to the platform's key",
    broken: (resources) => changed(resources, "glue/securityConfiguration", { encryptionConfiguration: {} }),
  },
  {
    ids: ["own: projected partitions"],
    says: "a table that the program defines lies in a bucket of the program, and Athena can work out its partitions",
    level: "M",
    of: ["glue/catalogTable"],
    found: (table, resources) => {
      const location = String(input(table, "storageDescriptor.location"));
      const bucket = /^s3:\/\/([^/]+)\/.*\/$/.exec(location)?.[1];
      if (!ofType(resources, "s3/bucket").some(({ outputs }) => outputs.bucket === bucket))
        return `it lies in ${location}`;
      const { parameters = {}, partitionKeys = [] } = table.inputs as {
        parameters?: Record<string, string>;
        partitionKeys?: { name: string }[];
      };
      if (partitionKeys.length === 0) return undefined;
      const { "projection.enabled": enabled, "storage.location.template": template = "" } = parameters;
      if (enabled !== "true" || !template.startsWith(location)) return `projection ${enabled}, template "${template}"`;
      return partitionKeys
        .map(({ name }) => name)
        .find((name) => parameters[`projection.${name}.type`] === undefined || !template.includes(`\${${name}}`));
    },
    remedy: "set projection.enabled, projection.{key}.* and a storage.location.template with every key",
    broken: (resources) => changed(resources, "glue/catalogTable", { parameters: { "projection.enabled": "false" } }),
  },
];

interface Configuration {
  readonly Grouping?: { readonly TableGroupingPolicy?: string };
  readonly CrawlerOutput?: {
    readonly Tables?: { readonly AddOrUpdateBehavior?: string };
    readonly Partitions?: { readonly AddOrUpdateBehavior?: string };
  };
}

const configurationOf = ({ inputs }: Resource): Configuration =>
  JSON.parse(String(inputs.configuration ?? "{}")) as Configuration;
