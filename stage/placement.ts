// placement: where in a network a stage stands, and so what it can reach. A stage without one stands in none, and reaches what
// is on the internet; one with a placement reaches its network and nothing else.

import type * as aws from "@pulumi/aws";
import type { Output, Resource } from "@pulumi/pulumi";

export interface Placement {
  readonly subnetIds: Output<string[]>;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** The network's group that lets nothing through. */
  readonly closedGroup: aws.ec2.DefaultSecurityGroup;
  /** Endpoints and rules without which a function that runs would reach nothing: it is made after them. */
  readonly ways: readonly Resource[];
}

/** The settings of a function that stands there. */
export const placed = ({ subnetIds, securityGroup, closedGroup }: Placement) => ({
  vpcConfig: { subnetIds, securityGroupIds: [securityGroup.id] },
  // Lambda keeps the network interfaces of a deleted function for up to 45 minutes, and the security group with them: handed
  // over to the group that stays with the network, they hold nothing back (Pulumi registry, aws.lambda.Function).
  replaceSecurityGroupsOnDestroy: true,
  replacementSecurityGroupIds: [closedGroup.id],
});

/** Of a function in a network. Lambda's Node knows the authorities of the public web; RDS has its own, in this file of the image. */
export const trusted = { NODE_EXTRA_CA_CERTS: "/var/runtime/ca-cert.pem" };
