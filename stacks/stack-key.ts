// stack-key: the KMS key of a stack that wants its own, and who may use it.

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export function stackKey(stack: string, accountId: pulumi.Output<string>, protect: boolean): aws.kms.Key {
  const region = aws.getRegionOutput().region;
  const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
  const policy = pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AccountAdministers",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:aws:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "LogGroups",
        Effect: "Allow",
        Principal: { Service: pulumi.interpolate`logs.${region}.amazonaws.com` },
        Action: use,
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": [
              pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/tributary/${stack}/*`,
              pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/aws/rds/instance/tributary-${stack}/*`,
              pulumi.interpolate`arn:aws:logs:${region}:${accountId}:log-group:/aws-glue/crawlers*`,
            ],
          },
        },
      },
      {
        Sid: "AlarmsToTopic",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
  return new aws.kms.Key(
    "stack",
    { description: `tributary ${stack}`, enableKeyRotation: true, policy, tags: { pipeline: "operations" } },
    { protect },
  );
}
