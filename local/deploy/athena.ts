// athena: the registered workgroups and named queries on the embedded Athena.

import type { Registered } from "../../stage/evaluation/evaluate";
import type { Athena } from "../services/athena/athena";
import { type Registry, text } from "./registry";

export const athenaTypes = ["aws:athena/workgroup:Workgroup", "aws:athena/namedQuery:NamedQuery"];

type Deployed = Pick<Athena, "createWorkgroup" | "createNamedQuery">;

export function deployAthena(registry: Registry, athena: Deployed): void {
  for (const workgroup of registry.ofType("aws:athena/workgroup:Workgroup")) deployWorkgroup(workgroup, athena);
  for (const query of registry.ofType("aws:athena/namedQuery:NamedQuery")) {
    const { description } = query.inputs;
    athena.createNamedQuery({
      id: text(query, "id"),
      name: text(query, "name"),
      database: text(query, "database"),
      workgroup: String(query.inputs.workgroup ?? "primary"),
      query: text(query, "query"),
      ...(description === undefined ? {} : { description: String(description) }),
    });
  }
}

interface Configuration {
  readonly enforceWorkgroupConfiguration?: boolean;
  readonly bytesScannedCutoffPerQuery?: number;
  readonly engineVersion?: { readonly selectedEngineVersion?: string };
  readonly resultConfiguration?: { readonly outputLocation?: string };
}

/**
 * Of all else only what changes nothing on a laptop: metrics, of which there are none, encryption, because what lies on the
 * laptop's disk is protected by the laptop, and what becomes of the workgroup when it is destroyed.
 */
const understood = {
  workgroup: ["name", "description", "configuration", "forceDestroy", "tags"],
  configuration: [
    "enforceWorkgroupConfiguration",
    "bytesScannedCutoffPerQuery",
    "engineVersion",
    "resultConfiguration",
    "publishCloudwatchMetricsEnabled",
  ],
  resultConfiguration: ["outputLocation", "encryptionConfiguration"],
};

function deployWorkgroup(workgroup: Registered, athena: Deployed): void {
  const { description } = workgroup.inputs;
  const configuration: Configuration = workgroup.inputs.configuration ?? {};
  const {
    enforceWorkgroupConfiguration = true,
    bytesScannedCutoffPerQuery,
    engineVersion,
    resultConfiguration = {},
  } = configuration;
  refuseMore(workgroup, workgroup.inputs, understood.workgroup);
  refuseMore(workgroup, configuration, understood.configuration);
  refuseMore(workgroup, resultConfiguration, understood.resultConfiguration);
  const engine = engineVersion?.selectedEngineVersion ?? "AUTO";
  if (!["AUTO", "Athena engine version 3"].includes(engine)) throw notImitated(workgroup, `"${engine}"`);
  const { outputLocation } = resultConfiguration;
  athena.createWorkgroup({
    name: text(workgroup, "name"),
    arn: text(workgroup, "arn"),
    enforced: enforceWorkgroupConfiguration,
    ...(description === undefined ? {} : { description: String(description) }),
    ...(outputLocation === undefined ? {} : { output: outputLocation }),
    ...(bytesScannedCutoffPerQuery === undefined ? {} : { scanLimit: bytesScannedCutoffPerQuery }),
  });
}

function refuseMore(workgroup: Registered, given: object, known: readonly string[]): void {
  const other = Object.entries(given).find(([key, value]) => value !== undefined && !known.includes(key));
  if (other !== undefined) throw notImitated(workgroup, other[0]);
}

const notImitated = ({ name }: Registered, what: string): Error =>
  new Error(`Cannot deploy the workgroup "${name}": ${what} is not imitated`);
