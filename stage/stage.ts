// stage: one function file of the program, made into a Lambda function with all that stands around it.
//
//   trigger ──> function ──(third failure)──> dead-letter queue
//                  │   └── role: exactly what `may` says
//                  ├── log group, traces
//                  └── alarms ──> the platform's topic

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "aws-lambda";
import { alarms } from "./alarms";
import { archiveOf, bundled, handlerName } from "./bundle";
import { deadLetterQueue } from "./dead-letter-queue";
import { keptPackage } from "./kept-packages";
import { log, type Permission, policyOf, send, stand, trace, useKey } from "./permissions";
import { type Placement, placed, trusted } from "./placement";
import type { Platform } from "./platform";
import { tagged } from "./tags";
import type { OwnTrigger, Trigger } from "./triggers";

/** What a stage says of itself; there is nothing else. */
export interface Declaration {
  /** What wakes it. */
  readonly on: readonly (Trigger | OwnTrigger)[];
  /** All that it may do. */
  readonly may: readonly Permission[];
  /** Its settings. Never a secret: give the secret's name, and `reveal` in `may`. */
  readonly env?: Readonly<Record<string, pulumi.Input<string>>>;
  /** In MB; a function of 1,769 MB has one CPU, and more in proportion. */
  readonly memory: number;
  /** In seconds, 900 at most. */
  readonly timeout: number;
  /** Of /tmp, in MB; 512 where it is not given. */
  readonly disk?: number;
  /** How many may run at once. It is taken off the account's limit, so only where something behind it needs it. */
  readonly concurrency?: number;
  readonly layers?: readonly aws.lambda.LayerVersion[];
  /** Only for what must reach something in a network, which then is all that it reaches. */
  readonly placement?: Placement;
}

/** Called once per cold start; returns what is called once per event. State lives in here and nowhere else. */
export type HandlerFactory<Event, Result> = () => (event: Event, context: Context) => Promise<Result>;

/** Registers the stage `name`: the one way in which a function file becomes a Lambda function. */
export const stage = <Event, Result>(
  platform: Platform,
  name: string,
  factory: HandlerFactory<Event, Result>,
  declaration: Declaration,
): Stage => new Stage(platform, name, factory as HandlerFactory<unknown, unknown>, declaration);

export class Stage extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly deadLetters: aws.sqs.Queue;
  /** In seconds. */
  readonly timeout: number;

  constructor(
    readonly platform: Platform,
    readonly name: string,
    factory: HandlerFactory<unknown, unknown>,
    { on, may, env, memory, timeout, disk, concurrency, layers = [], placement }: Declaration,
  ) {
    super(
      "tributary:stage:Stage",
      name,
      {},
      { transformations: [tagged({ pipeline: platform.pipeline, stage: name })] },
    );
    const child = { parent: this };

    this.timeout = timeout;
    this.deadLetters = deadLetterQueue(name, child);
    const logs = logGroup(name, platform, child);
    const always = [log(logs), trace(), send(this.deadLetters), ...(platform.key ? [useKey(platform.key)] : [])];
    const triggers = on.map((trigger) => (typeof trigger === "function" ? trigger(this) : trigger));
    const settings = settingsOf(name, [...triggers.map((trigger) => trigger.env ?? {}), env ?? {}]);
    const needs = [...triggers.flatMap((trigger) => trigger.needs ?? []), ...(placement ? [stand()] : [])];
    const { role, policy } = roleFor(name, [...may, ...needs, ...always], child);

    const args = {
      role: role.arn,
      runtime: "nodejs24.x",
      architectures: [platform.architecture],
      memorySize: memory,
      timeout,
      ephemeralStorage: { size: disk ?? 512 },
      environment: {
        variables: {
          LOG_LEVEL: platform.logLevel,
          POWERTOOLS_SERVICE_NAME: name,
          ...(placement ? trusted : {}),
          ...settings,
        },
      },
      layers: layers.map(({ arn }) => arn),
      loggingConfig: { logFormat: "Text", logGroup: logs.name },
      tracingConfig: { mode: "Active" },
      ...(concurrency === undefined ? {} : { reservedConcurrentExecutions: concurrency }),
      ...(platform.key ? { kmsKeyArn: platform.key.arn } : {}),
      ...(placement ? placed(placement) : {}),
    };
    // Its policy first: otherwise the first events would meet a function that may do nothing.
    const options = { ...child, dependsOn: [policy, ...(placement?.ways ?? [])] };
    const kept = keptPackage(name);
    this.function =
      kept === undefined
        ? new aws.lambda.CallbackFunction(
            name,
            { callbackFactory: factory, ...args, role },
            { ...options, transformations: [bundled] },
          )
        : new aws.lambda.Function(name, { ...args, handler: handlerName, code: archiveOf(kept) }, options);
    new aws.lambda.FunctionEventInvokeConfig(
      name,
      {
        functionName: this.function.name,
        maximumRetryAttempts: 2,
        maximumEventAgeInSeconds: 21_600,
        destinationConfig: { onFailure: { destination: this.deadLetters.arn } },
      },
      child,
    );
    alarms(this, timeout, platform);
    for (const trigger of triggers) trigger.attach(this);
    this.registerOutputs({ function: this.function.name });
  }
}

/** Of its triggers and of its own. Nobody can tell which of two values would stand, so that two are refused. */
function settingsOf(name: string, all: readonly NonNullable<Trigger["env"]>[]): NonNullable<Trigger["env"]> {
  const settings: Record<string, pulumi.Input<string>> = {};
  for (const [setting, value] of all.flatMap(Object.entries<pulumi.Input<string>>)) {
    if ((settings[setting] ?? value) !== value) {
      throw new Error(`Cannot declare "${name}": two of its triggers, or one and its \`env\`, set ${setting}`);
    }
    settings[setting] = value;
  }
  return settings;
}

/** Of the program's own name: Lambda's default group would be made by Lambda, without retention, at the first line. */
function logGroup(name: string, { stack, logRetentionDays, key }: Platform, options: pulumi.CustomResourceOptions) {
  const kept = { name: `/tributary/${stack}/${name}`, retentionInDays: logRetentionDays };
  return new aws.cloudwatch.LogGroup(name, key ? { ...kept, kmsKeyId: key.arn } : kept, options);
}

function roleFor(name: string, may: readonly Permission[], options: pulumi.CustomResourceOptions) {
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const role = new aws.iam.Role(name, { assumeRolePolicy }, options);
  const policy = new aws.iam.RolePolicy(name, { role: role.name, policy: policyOf(may) }, options);
  return { role, policy };
}
