// event-sources: every registered event source mapping, polling its queue for its function.

import type { Clock } from "../clock";
import type { Journal } from "../door/journal";
import { refusalOf } from "../door/policy";
import { type EventSource, eventSource } from "../services/lambda/event-source";
import type { FunctionConfig } from "../services/lambda/function-config";
import type { Lambda } from "../services/lambda/lambda";
import type { Sqs } from "../services/sqs/sqs";
import { type Registry, text } from "./registry";
import { refuseOthers } from "./targets";

export const eventSourceTypes = ["aws:lambda/eventSourceMapping:EventSourceMapping"];

interface Running {
  readonly configs: readonly FunctionConfig[];
  readonly sqs: Sqs;
  readonly lambda: Lambda;
  /** By which batches wait for their window. */
  readonly clock: Clock;
  readonly journal: Journal;
}

export const startEventSources = (registry: Registry, { configs, ...running }: Running): EventSource[] =>
  registry.ofType("aws:lambda/eventSourceMapping:EventSourceMapping").map((mapping) => {
    const { inputs, name } = mapping;
    checkInputs(name, inputs);
    const target = configs.find((config) => config.name === inputs.functionName);
    if (target === undefined) throw new Error(`Cannot deploy "${name}": there is no function "${inputs.functionName}"`);
    const responses = (inputs.functionResponseTypes ?? []) as string[];
    const scaling = inputs.scalingConfig as { maximumConcurrency?: number } | undefined;
    return eventSource({
      config: {
        queueArn: text(mapping, "eventSourceArn"),
        function: target,
        batchSize: Number(inputs.batchSize ?? 10),
        windowSeconds: Number(inputs.maximumBatchingWindowInSeconds ?? 0),
        reportBatchItemFailures: responses.includes("ReportBatchItemFailures"),
        ...(scaling?.maximumConcurrency === undefined ? {} : { maximumConcurrency: scaling.maximumConcurrency }),
      },
      may: (action, resource) => refusalOf(target.principal, { action, resource }) === undefined,
      ...running,
    });
  });

const imitated = [
  "eventSourceArn",
  "functionName",
  "functionResponseTypes",
  "batchSize",
  "maximumBatchingWindowInSeconds",
  "scalingConfig",
  "tags",
];

/** Least and most, as CreateEventSourceMapping allows them for a queue. */
const limits = { batchSize: [1, 10_000], maximumBatchingWindowInSeconds: [0, 300], maximumConcurrency: [2, 1_000] };

function checkInputs(name: string, inputs: Readonly<Record<string, unknown>>): void {
  refuseOthers(`"${name}"`, inputs, imitated);
  const all = { ...inputs, ...(inputs.scalingConfig as object | undefined) } as Readonly<Record<string, unknown>>;
  for (const [input, [least = 0, most = 0]] of Object.entries(limits)) {
    const value = all[input];
    if (value === undefined || (Number(value) >= least && Number(value) <= most)) continue;
    throw new Error(`Cannot deploy "${name}": ${input} is ${value}, and ${least} to ${most} are allowed`);
  }
}
