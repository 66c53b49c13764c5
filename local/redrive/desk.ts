// desk: where the dead letters are: in the queues of a running start, or in those of a stack on AWS.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { SQSClient } from "@aws-sdk/client-sqs";
import { type Deployment, deploymentOf, type Reach, withoutOutputs } from "../deployment";
import type { Options } from "./options";

export interface DeadLetterQueue {
  /** As the program calls it: `{stage}-dead-letters`, `{stage}-objects-dead-letters`, `{stage}-events-dead-letters`. */
  readonly name: string;
  readonly url: string;
}

export interface Desk extends Pace {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly dynamodb: DynamoDBClient;
  readonly queues: readonly DeadLetterQueue[];
  readonly auditTable: string;
}

interface Pace {
  /** How long a receive asks around for letters, in seconds: of AWS's many servers a short one asks a few. */
  readonly receiveWait: number;
  /** Between two looks at what becomes of letters, in milliseconds. */
  readonly patience: number;
  /** For how long a queue must say that it is empty, in milliseconds. AWS's counts are right a minute after the last change. */
  readonly settles: number;
  /** For how long to wait for what becomes of letters where nobody says otherwise, in seconds. */
  readonly wait: number;
}

const localPace: Pace = { receiveWait: 0, patience: 200, settles: 0, wait: 60 };
const pace: Pace = { receiveWait: 2, patience: 3_000, settles: 60_000, wait: 180 };

export async function deskOf(options: Options): Promise<Desk> {
  const deployment = await deploymentOf(options);
  const { queues, auditTable } = namesIn(deployment);
  if (deployment.isLocal) return { ...clientsOf(deployment.reach), queues, auditTable, ...localPace };
  // A stack says itself where it is, whatever the shell says.
  const [, region] = /^https:\/\/sqs\.([\w-]+)\./.exec(queues[0]?.url ?? "") ?? [];
  const reach = region === undefined ? deployment.reach : { ...deployment.reach, region };
  return { ...clientsOf(reach), queues, auditTable, ...pace };
}

export function closeDesk({ sqs, lambda, dynamodb }: Desk): void {
  for (const client of [sqs, lambda, dynamodb]) client.destroy();
}

const clientsOf = (reach: Reach) => ({
  // A queue's URL says where it was made, which is not where a start runs.
  sqs: new SQSClient({ ...reach, useQueueUrlAsEndpoint: false }),
  lambda: new LambdaClient(reach),
  dynamodb: new DynamoDBClient(reach),
});

function namesIn(deployment: Deployment): Pick<Desk, "queues" | "auditTable"> {
  const { deadLetterQueues, auditTable } = deployment.outputs;
  if (typeof deadLetterQueues === "object" && deadLetterQueues !== null && typeof auditTable === "string") {
    const queues = Object.entries(deadLetterQueues).map(([name, url]) => ({ name, url: String(url) }));
    return { queues: queues.sort((one, other) => (one.name < other.name ? -1 : 1)), auditTable };
  }
  throw withoutOutputs(deployment, "deadLetterQueues", "auditTable");
}
