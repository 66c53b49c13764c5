// tls-only: the statement that every resource policy of ours begins with.

import { type Input, jsonStringify, type Output } from "@pulumi/pulumi";

/** Denies every action of `service` on `resources` to whoever does not come by TLS; `more` are further statements. */
export const tlsOnly = (service: "s3" | "sqs" | "sns", resources: Output<string>[], more: Input<object>[] = []) =>
  jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: `${service}:*`,
        Resource: resources,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
      ...more,
    ],
  });
