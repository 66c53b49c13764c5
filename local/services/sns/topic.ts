// topic: what is known of a topic.

import type { PolicyDocument } from "../../door/policy";

export interface Topic {
  readonly arn: string;
  /** Who its mail is from. */
  readonly displayName?: string;
  readonly policy?: PolicyDocument;
  readonly kmsKeyId?: string;
}

/** The name in front of the address that mail comes from. */
export const senderOf = (topic: Topic | undefined): string => topic?.displayName ?? "AWS Notifications";
