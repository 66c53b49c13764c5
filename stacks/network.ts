// network: where the database stands, and the stages that connect to it. There is no way from here to the internet or back.
//
//   stages ──5432──> database
//     ├─────443────> Secrets Manager, SNS     endpoints in the network, paid by the hour and availability zone
//     └─────443────> S3, DynamoDB             routes of the network, which cost nothing
//   network ──> flow log

import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import type { Placement } from "../stage/placement";
import type { Platform } from "../stage/platform";
import type { Settings } from "./settings";

export interface Network {
  readonly vpcId: pulumi.Output<string>;
  /** One in each of two availability zones, without a way out. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** Of the stages that stand in the network. */
  readonly stages: aws.ec2.SecurityGroup;
  readonly placement: Placement;
}

export function network(platform: Platform, settings: Settings): Network {
  const tags = { pipeline: platform.pipeline };
  const region = new pulumi.Config("aws").require("region");

  const vpc = new awsx.ec2.Vpc("network", {
    cidrBlock: "10.64.0.0/16",
    // RDS asks for two, also where it uses one of them.
    numberOfAvailabilityZones: 2,
    natGateways: { strategy: "None" },
    subnetStrategy: "Auto",
    // A subnet cannot change while something stands in it: room is left beside these.
    subnetSpecs: [{ type: "Isolated", cidrMask: 20 }],
    enableDnsHostnames: true,
    enableDnsSupport: true,
    vpcEndpointStrategy: "Auto",
    vpcEndpointSpecs: gateways.map((service) => ({
      serviceName: `com.amazonaws.${region}.${service}`,
      vpcEndpointType: "Gateway",
      tags,
    })),
    tags,
  });
  // What is given no group gets this one, and reaches nothing by it.
  const closedGroup = new aws.ec2.DefaultSecurityGroup("closed", { vpcId: vpc.vpcId, ingress: [], egress: [], tags });
  flowLog(vpc.vpcId, platform);

  const group = (name: string, description: string) =>
    new aws.ec2.SecurityGroup(name, { vpcId: vpc.vpcId, description, tags });
  const stages = group("stages", "Stages of the program that stand in the network");

  const ways = [
    ...interfaces.flatMap(({ name, service, why }) => {
      const security = group(`${name}-endpoint`, `${why}, as the network reaches them`);
      const endpoint = new aws.ec2.VpcEndpoint(name, {
        vpcId: vpc.vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        // Reached from both subnets wherever it stands. A second one is for the day on which a zone fails.
        subnetIds: vpc.isolatedSubnetIds.apply((ids) => (settings.multiAz ? ids : ids.slice(0, 1))),
        securityGroupIds: [security.id],
        tags,
      });
      return [endpoint, ...opened(`stages-to-${name}`, { from: stages, to: security, port: 443, why }, tags)];
    }),
    ...gateways.map((service) => {
      const prefixList = aws.ec2.getManagedPrefixListOutput({ name: `com.amazonaws.${region}.${service}` });
      return new aws.vpc.SecurityGroupEgressRule(`stages-to-${service}`, {
        securityGroupId: stages.id,
        prefixListId: prefixList.id,
        ...tcp(443),
        description: `Of the region's ${service}, by the gateway`,
        tags,
      });
    }),
  ];
  const subnetIds = vpc.isolatedSubnetIds;
  return { vpcId: vpc.vpcId, subnetIds, stages, placement: { subnetIds, securityGroup: stages, closedGroup, ways } };
}

/** Services that have an address in the network. */
const interfaces = [
  { name: "secrets", service: "secretsmanager", why: "Secrets of databases" },
  { name: "notifications", service: "sns", why: "Topics of notifications" },
] as const;

/** Services that a route leads to. */
const gateways = ["s3", "dynamodb"] as const;

interface Way {
  readonly from: aws.ec2.SecurityGroup;
  readonly to: aws.ec2.SecurityGroup;
  readonly port: number;
  readonly why: string;
}

/** Lets one group reach a port of another: both must say so. */
export const opened = (
  name: string,
  { from, to, port, why }: Way,
  tags: Readonly<Record<string, string>>,
): [aws.vpc.SecurityGroupEgressRule, aws.vpc.SecurityGroupIngressRule] => {
  const both = { ...tcp(port), description: why, tags };
  return [
    new aws.vpc.SecurityGroupEgressRule(name, {
      securityGroupId: from.id,
      referencedSecurityGroupId: to.id,
      ...both,
    }),
    new aws.vpc.SecurityGroupIngressRule(name, {
      securityGroupId: to.id,
      referencedSecurityGroupId: from.id,
      ...both,
    }),
  ];
};

const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });

/** Who spoke to whom, every ten minutes; nothing of what was said. */
function flowLog(vpcId: pulumi.Output<string>, { stack, pipeline, accountId, key, logRetentionDays }: Platform): void {
  const tags = { pipeline };
  const kept = { name: `/tributary/${stack}/network`, retentionInDays: logRetentionDays, tags };
  const logs = new aws.cloudwatch.LogGroup("network-flows", key ? { ...kept, kmsKeyId: key.arn } : kept);
  const role = new aws.iam.Role("network-flows", {
    assumeRolePolicy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "vpc-flow-logs.amazonaws.com" },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ],
    }),
    tags,
  });
  const policy = new aws.iam.RolePolicy("network-flows", {
    role: role.name,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"],
          Resource: pulumi.interpolate`${logs.arn}:*`,
        },
      ],
    }),
  });
  new aws.ec2.FlowLog(
    "network",
    { vpcId, trafficType: "ALL", logDestination: logs.arn, iamRoleArn: role.arn, tags },
    { dependsOn: [policy] },
  );
}
