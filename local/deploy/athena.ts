// athena: the registered workgroups and named queries on the embedded Athena.

import type { Registered } from "../../stage/evaluation/evaluate";
import type { Athena } from "../services/athena/athena";
import { type Registry, text } from "./registry";

export const athenaTypes = ["aws:athena/workgroup:Workgroup", "aws:athena/namedQuery:NamedQuery"];

export function deployAthena(registry: Registry, athena: Pick<Athena, "createWorkgroup" | "createNamedQuery">): void {
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

function deployWorkgroup(workgroup: Registered, athena: Pick<Athena, "createWorkgroup">): void {
  const { description, configuration = {} } = workgroup.inputs;
  const { enforceWorkgroupConfiguration = true, bytesScannedCutoffPerQuery, engineVersion, resultConfiguration } = configuration as Configuration;
  const engine = engineVersion?.selectedEngineVersion ?? "AUTO";
  if (!["AUTO", "Athena engine version 3"].includes(engine)) {
    throw new Error(`Cannot deploy the workgroup "${workgroup.name}": "${engine}" is not imitated`);
  }
  const output = resultConfiguration?.outputLocation;
  athena.createWorkgroup({
    name: text(workgroup, "name"),
    arn: text(workgroup, "arn"),
    enforced: enforceWorkgroupConfiguration,
    ...(description === undefined ? {} : { description: String(description) }),
    ...(output === undefined ? {} : { output }),
    ...(bytesScannedCutoffPerQuery === undefined ? {} : { scanLimit: bytesScannedCutoffPerQuery }),
  });
}
