// subscriptions: who has subscribed to what, in one file for its owner alone. It is replaced as a whole: a start that is killed
// while it writes leaves the old one or the new one.

import { readFileSync, renameSync, writeFileSync } from "node:fs";

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  readonly attributes: Attributes;
  /** Waits for this to be confirmed; a subscription without one is confirmed. */
  readonly token?: string;
  /** Whether the program made it, and not a client: it goes when the program no longer names it. */
  readonly ofProgram: boolean;
}

export const protocols = ["email", "email-json", "sqs", "lambda"] as const;

export type Protocol = (typeof protocols)[number];

/** Under AWS's names, in AWS's texts. */
export interface Attributes {
  readonly FilterPolicy?: string;
  readonly FilterPolicyScope?: string;
  readonly RawMessageDelivery?: string;
  readonly RedrivePolicy?: string;
}

export type Subscriptions = ReturnType<typeof subscriptions>;

export function subscriptions(file: string) {
  const kept = new Map(read(file).map((each) => [each.arn, each]));

  return {
    get: (arn: string): Subscription | undefined => kept.get(arn),
    all: (): Subscription[] => [...kept.values()],
    of: (topicArn: string): Subscription[] => [...kept.values()].filter((each) => each.topicArn === topicArn),
    put(subscription: Subscription): void {
      kept.set(subscription.arn, subscription);
      write();
    },
    remove(arn: string): void {
      if (kept.delete(arn)) write();
    },
  };

  function write(): void {
    writeFileSync(`${file}.new`, JSON.stringify([...kept.values()]), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
}

function read(file: string): Subscription[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Subscription[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
