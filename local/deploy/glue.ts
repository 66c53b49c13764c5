// glue: the registered catalogue on the embedded Glue, and the crawlers, each acting in the name of its role.

import { randomBytes } from "node:crypto";
import type { Registered } from "../../stage/evaluation/evaluate";
import { readPolicy } from "../door/policy";
import type { Principal } from "../door/principals";
import type { CatalogColumn } from "../services/glue/catalog";
import type { CrawlerConfig } from "../services/glue/crawler-config";
import type { Glue } from "../services/glue/glue";
import { type Registry, text } from "./registry";

export const glueTypes = [
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:glue/catalogTable:CatalogTable",
  "aws:glue/crawler:Crawler",
];

export function deployCatalog(registry: Registry, { catalog }: Pick<Glue, "catalog">): void {
  for (const database of registry.ofType("aws:glue/catalogDatabase:CatalogDatabase")) {
    refuseInputs(database, ["name", "description", "tags"]);
    const { description } = database.inputs;
    catalog.putDatabase({
      name: text(database, "name"),
      ...(description === undefined ? {} : { description: String(description) }),
    });
  }
  for (const table of registry.ofType("aws:glue/catalogTable:CatalogTable")) {
    refuseInputs(table, [
      "name",
      "databaseName",
      "description",
      "tableType",
      "parameters",
      "partitionKeys",
      "storageDescriptor",
    ]);
    const { description, parameters = {}, partitionKeys = [], storageDescriptor } = table.inputs;
    const { columns, location, inputFormat, outputFormat, serDeInfo, ...more } = storageDescriptor as StorageDescriptor;
    const other = Object.keys(more)[0] ?? (table.inputs.tableType === "EXTERNAL_TABLE" ? undefined : "its tableType");
    if (other !== undefined) throw new Error(`Cannot deploy the table "${table.name}": ${other} is not imitated`);
    catalog.putTable(text(table, "databaseName"), {
      name: text(table, "name"),
      ...(description === undefined ? {} : { description: String(description) }),
      columns,
      partitionKeys: partitionKeys as readonly CatalogColumn[],
      parameters: parameters as Record<string, string>,
      location,
      inputFormat,
      outputFormat,
      serde: serDeInfo.serializationLibrary,
      serdeParameters: serDeInfo.parameters ?? {},
    });
  }
}

interface StorageDescriptor {
  readonly columns: readonly CatalogColumn[];
  readonly location: string;
  readonly inputFormat: string;
  readonly outputFormat: string;
  readonly serDeInfo: {
    readonly serializationLibrary: string;
    readonly parameters?: Readonly<Record<string, string>>;
  };
}

/** The crawlers, whose principals the door must know before they run. */
export const crawlerConfigs = (registry: Registry): CrawlerConfig[] =>
  registry.ofType("aws:glue/crawler:Crawler").map((crawler) => {
    refuseInputs(crawler, [
      "name",
      "description",
      "role",
      "databaseName",
      "tablePrefix",
      "s3Targets",
      "recrawlPolicy",
      "schemaChangePolicy",
      "configuration",
      "securityConfiguration",
      "tags",
    ]);
    const { description, tablePrefix = "", s3Targets = [], securityConfiguration, configuration } = crawler.inputs;
    const { recrawlBehavior = "CRAWL_EVERYTHING" } = (crawler.inputs.recrawlPolicy ?? {}) as RecrawlPolicy;
    if (recrawlBehavior !== "CRAWL_EVERYTHING") {
      throw new Error(`Cannot deploy the crawler "${crawler.name}": ${recrawlBehavior} is not imitated`);
    }
    const { updateBehavior = "UPDATE_IN_DATABASE", deleteBehavior = "DEPRECATE_IN_DATABASE" } = (crawler.inputs
      .schemaChangePolicy ?? {}) as Partial<Pick<CrawlerConfig, "updateBehavior" | "deleteBehavior">>;
    return {
      name: text(crawler, "name"),
      ...(description === undefined ? {} : { description: String(description) }),
      role: text(crawler, "role"),
      principal: principalOf(crawler, registry),
      database: text(crawler, "databaseName"),
      tablePrefix: String(tablePrefix),
      targets: (s3Targets as readonly S3Target[]).map(({ path, exclusions = [], ...more }) => {
        const other = Object.keys(more)[0];
        if (other === undefined) return { path, exclusions };
        throw new Error(`Cannot deploy the crawler "${crawler.name}": ${other} of a target is not imitated`);
      }),
      updateBehavior,
      deleteBehavior,
      configuration: String(configuration ?? '{"Version":1}'),
      ...(securityConfiguration === undefined ? {} : { securityConfiguration: String(securityConfiguration) }),
    };
  });

interface RecrawlPolicy {
  readonly recrawlBehavior?: string;
}

interface S3Target {
  readonly path: string;
  readonly exclusions?: readonly string[];
}

/** Temporary credentials, as Glue takes them from the crawler's role, and the policies of that role. */
function principalOf(crawler: Registered, registry: Registry): Principal {
  const [role] = registry.ofType("aws:iam/role:Role").filter(({ outputs }) => outputs.arn === crawler.inputs.role);
  if (role === undefined) throw new Error(`Cannot deploy "${crawler.name}": there is no role "${crawler.inputs.role}"`);
  const roleName = text(role, "name");
  const account = text(role, "arn").split(":")[4];
  return {
    name: role.name,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/AWS-Crawler`,
    accessKeyId: `ASIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(60).toString("base64"),
    policies: registry
      .about("aws:iam/rolePolicy:RolePolicy", "role", roleName)
      .map((policy) => readPolicy(text(policy, "policy"), roleName)),
  };
}

function refuseInputs({ name, type, inputs }: Registered, understood: readonly string[]): void {
  const other = Object.keys(inputs).find((key) => inputs[key] !== undefined && !understood.includes(key));
  if (other !== undefined) throw new Error(`Cannot deploy "${name}" (${type}): ${other} is not imitated`);
}
