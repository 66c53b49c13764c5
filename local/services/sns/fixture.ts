// fixture: SNS behind the door with two topics, and note of what it brings to queues and functions.

import { join } from "node:path";
import type { TestContext } from "node:test";
import { SNSClient } from "@aws-sdk/client-sns";
import { handClock } from "../../clock";
import { behindDoor } from "../../door/behind-door";
import { journal } from "../../door/journal";
import { temporaryDirectory } from "../../temporary-directory";
import type { MessageAttributes } from "../sqs/md5";
import { type DeclaredSubscription, sns as openSns } from "./sns";
import type { Topic } from "./topic";

const account = "123456789012";

export const TopicArn = `arn:aws:sns:eu-central-1:${account}:feeds`;
export const otherTopicArn = `arn:aws:sns:eu-central-1:${account}:other`;
export const queueArn = (name: string): string => `arn:aws:sqs:eu-central-1:${account}:${name}`;
export const functionArn = `arn:aws:lambda:eu-central-1:${account}:function:worker`;

interface Brought {
  readonly to: string;
  readonly body: unknown;
  readonly attributes?: MessageAttributes;
}

interface FixtureOptions {
  readonly directory?: string;
  readonly topic?: Partial<Topic>;
  readonly declared?: readonly DeclaredSubscription[];
}

export async function topics(t: TestContext, options: FixtureOptions = {}) {
  const { directory = temporaryDirectory(), topic, declared = [] } = options;
  const clock = handClock();
  const record = journal();
  const brought: Brought[] = [];
  const broken = new Map<string, Error>();
  const bring = (to: string, body: unknown, attributes?: MessageAttributes) => {
    const error = broken.get(to);
    if (error !== undefined) throw error;
    brought.push({ to, body, ...(attributes === undefined ? {} : { attributes }) });
  };
  const sns = openSns({
    directory: join(directory, "sns"),
    mail: join(directory, "mail"),
    clock,
    retryClock: clock,
    journal: record,
    account,
    endpoint: () => "http://127.0.0.1",
  });
  sns.deploy([{ arn: TopicArn, ...topic }, { arn: otherTopicArn }], declared, {
    queue: (_topic, queue, body, attributes) => bring(queue, body, attributes),
    lambda: (_topic, lambda, event) => bring(lambda, event),
  });
  const { config, end: close, record: atDoor } = await behindDoor(t, sns.service);
  let ended = false;
  const end = async () => {
    if (!ended) sns.end();
    ended = true;
    await close();
  };
  t.after(end);
  const clientOf = (may?: Parameters<typeof config>[0]) => new SNSClient(config(may));
  return { directory, clock, sns, brought, broken, end, clientOf, client: clientOf(), entries: record.entries, atDoor };
}
