// tls-only: the statement that every resource policy of ours begins with.

import { type Input, jsonStringify, type Output } from "@pulumi/pulumi";

/**
 * Every action, where the service takes that. SNS refuses a wildcard in a topic's policy ("Policy statement action out of
 * service scope!"); its own example names Publish (SNS Developer Guide, "Enforce encryption of data in transit").
 */
export const deniedWithoutTls = { s3: "s3:*", sqs: "sqs:*", sns: "sns:Publish" } as const;

/** Denies `service` on `resources` to whoever does not come by TLS; `more` are further statements. */
export const tlsOnly = (
  service: keyof typeof deniedWithoutTls,
  resources: Output<string>[],
  more: Input<object>[] = [],
) =>
  jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: deniedWithoutTls[service],
        Resource: resources,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      ...more,
    ],
  });
