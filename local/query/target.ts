// target: which Athena is asked: that of a running start, or that of a stack on AWS.

import { AthenaClient } from "@aws-sdk/client-athena";
import { type Deployment, deploymentOf, withoutOutputs } from "../deployment";
import type { Options } from "./options";

export interface Target {
  readonly athena: AthenaClient;
  readonly workgroup: string;
  readonly database: string;
  /** Between two looks at a query, in milliseconds: on AWS every look is a call that counts. */
  readonly patience: number;
}

export async function targetOf(options: Options): Promise<Target> {
  const deployment = await deploymentOf(options);
  const names = namesIn(deployment);
  return { athena: new AthenaClient(deployment.reach), ...names, patience: deployment.isLocal ? 30 : 500 };
}

function namesIn(deployment: Deployment): Pick<Target, "workgroup" | "database"> {
  const { athenaWorkgroup: workgroup, athenaDatabase: database } = deployment.outputs;
  if (typeof workgroup === "string" && typeof database === "string") return { workgroup, database };
  throw withoutOutputs(deployment, "athenaWorkgroup", "athenaDatabase");
}
