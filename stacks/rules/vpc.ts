// vpc: what is asked of the network, of its security groups and of the functions that stand in it.

import { added, changed, input, ofType, type Resource, type Rule, texts, without } from "./rule";

const network = "awsx:ec2:Vpc";
const groupRules = ["vpc/securityGroupIngressRule", "vpc/securityGroupEgressRule"];

const networks = (resources: readonly Resource[]) => resources.filter(({ type }) => type === network);

/** The network, with these inputs instead of its own. */
const otherNetwork = (resources: readonly Resource[], inputs: Readonly<Record<string, unknown>>): Resource[] =>
  resources.map((it) => (it.type === network ? { ...it, inputs: { ...it.inputs, ...inputs } } : it));

const anywhere = ["0.0.0.0/0", "::/0"];

/** What a rule of a group lets through beyond one port of one group or service. */
function width({ inputs: { ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6 } }: Resource): string | undefined {
  const open = [cidrIpv4, cidrIpv6].find((cidr) => anywhere.includes(String(cidr)));
  if (open !== undefined) return `${open}`;
  if (ipProtocol === "-1") return "every protocol";
  return fromPort === toPort && fromPort !== undefined ? undefined : `ports ${fromPort} to ${toPort}`;
}

export const vpc: readonly Rule[] = [
  {
    ids: ["CKV2_AWS_11", "AwsSolutions-VPC7"],
    says: "a network logs who speaks to whom",
    level: "M",
    of: [network],
    found: ({ outputs: { vpcId } }, resources) => {
      const log = ofType(resources, "ec2/flowLog").find(({ inputs }) => inputs.vpcId === vpcId);
      if (log === undefined) return "no flow log";
      const group = ofType(resources, "cloudwatch/logGroup").find(
        ({ outputs }) => outputs.arn === log.inputs.logDestination,
      );
      if (group === undefined || !(Number(group.inputs.retentionInDays) > 0)) return "a flow log that is kept for ever";
      return log.inputs.trafficType === "ALL" ? undefined : `a log of ${log.inputs.trafficType} only`;
    },
    remedy: "give it an aws.ec2.FlowLog of ALL, to a log group with retention",
    broken: (resources) => without(resources, "ec2/flowLog"),
  },
  {
    ids: ["CKV2_AWS_12"],
    says: "a network's default group lets nothing through",
    level: "M",
    of: [network],
    found: ({ outputs: { vpcId } }, resources) => {
      const group = ofType(resources, "ec2/defaultSecurityGroup").find(({ inputs }) => inputs.vpcId === vpcId);
      if (group === undefined) return "the default group is as AWS makes it, open among its members";
      const open = ["ingress", "egress"].find((way) => JSON.stringify(group.inputs[way]) !== "[]");
      return open && `its ${open} is ${JSON.stringify(group.inputs[open])}`;
    },
    remedy: "give it an aws.ec2.DefaultSecurityGroup with ingress: [] and egress: []",
    broken: (resources) => changed(resources, "ec2/defaultSecurityGroup", { ingress: [{ protocol: "-1" }] }),
  },
  {
    ids: ["CKV_AWS_23", "AwsSolutions-EC27"],
    says: "a security group and each of its rules say what they are for",
    level: "M",
    of: ["ec2/securityGroup", ...groupRules],
    found: ({ inputs: { description } }) =>
      typeof description === "string" && !/^(Managed by .*)?$/.test(description) ? undefined : "no description",
    remedy: "set description",
    broken: (resources) => changed(resources, "vpc/securityGroupIngressRule", { description: undefined }),
  },
  {
    ids: ["CKV_AWS_277", "AwsSolutions-EC23"],
    says: "nothing lets anybody in",
    level: "M",
    of: ["vpc/securityGroupIngressRule"],
    found: width,
    remedy: "name one port, and with referencedSecurityGroupId the group that may reach it",
    broken: (resources) => changed(resources, "vpc/securityGroupIngressRule", { cidrIpv4: "0.0.0.0/0" }),
  },
  {
    ids: ["CKV_AWS_382"],
    says: "nothing reaches anywhere",
    level: "M",
    of: ["vpc/securityGroupEgressRule"],
    found: width,
    remedy: "name one port, and the group or prefix list behind it",
    broken: (resources) => changed(resources, "vpc/securityGroupEgressRule", { ipProtocol: "-1" }),
  },
  {
    ids: ["own: rules of their own"],
    says: "a security group has its rules beside it, where the others look at them",
    level: "M",
    of: ["ec2/securityGroup"],
    found: ({ inputs: { ingress, egress } }) =>
      ingress === undefined && egress === undefined ? undefined : "rules inside the group, which undo those beside it",
    remedy: "make aws.vpc.SecurityGroupIngressRule and SecurityGroupEgressRule",
    broken: (resources) => changed(resources, "ec2/securityGroup", { egress: [{ protocol: "-1" }] }),
  },
  {
    ids: ["CKV_AWS_148"],
    says: "nothing stands in the account's default network",
    level: "M",
    of: ["ec2/securityGroup", "ec2/vpcEndpoint", "ec2/flowLog", "ec2/defaultSecurityGroup"],
    found: ({ inputs: { vpcId } }, resources) =>
      networks(resources).some(({ outputs }) => outputs.vpcId === vpcId) ? undefined : `its network is ${vpcId}`,
    remedy: "set vpcId to that of stacks/network.ts",
    broken: (resources) => changed(resources, "ec2/securityGroup", { vpcId: undefined }),
  },
  {
    ids: ["own: NAT on purpose"],
    says: "a network says how many NAT gateways it pays for, and how its subnets and endpoints are laid out",
    level: "M",
    of: [network],
    found: ({ inputs: { natGateways, subnetStrategy, vpcEndpointStrategy } }) => {
      const { strategy } = (natGateways ?? {}) as { strategy?: string };
      if (strategy === undefined) return "no NAT strategy, and one gateway per zone by default";
      const legacy = [subnetStrategy, vpcEndpointStrategy].find((chosen) => chosen !== "Auto");
      return subnetStrategy === "Auto" && vpcEndpointStrategy === "Auto" ? undefined : `a strategy is ${legacy}`;
    },
    remedy: "set natGateways.strategy, and subnetStrategy and vpcEndpointStrategy to Auto",
    broken: (resources) => otherNetwork(resources, { natGateways: undefined }),
  },
  {
    ids: ["own: gateway endpoints"],
    says: "a network reaches S3 and DynamoDB by routes that cost nothing",
    level: "M",
    of: [network],
    found: ({ inputs: { vpcEndpointSpecs } }) => {
      const specs = (vpcEndpointSpecs ?? []) as readonly { serviceName: string; vpcEndpointType?: string }[];
      const gateways = specs.filter(({ vpcEndpointType = "Gateway" }) => vpcEndpointType === "Gateway");
      const missing = ["s3", "dynamodb"].filter(
        (service) => !gateways.some(({ serviceName }) => serviceName.endsWith(`.${service}`)),
      );
      return missing.length === 0 ? undefined : `no way to ${missing.join(", ")}`;
    },
    remedy: "name both in vpcEndpointSpecs",
    broken: (resources) => otherNetwork(resources, { vpcEndpointSpecs: [] }),
  },
  {
    ids: ["own: endpoint"],
    says: "an endpoint answers to the service's own name, in a subnet, to a group",
    level: "M",
    of: ["ec2/vpcEndpoint"],
    found: ({ inputs: { vpcEndpointType, privateDnsEnabled, subnetIds, securityGroupIds } }) => {
      if (vpcEndpointType !== "Interface") return undefined;
      if (privateDnsEnabled !== true) return "no private DNS";
      if (texts(subnetIds).length === 0) return "no subnet";
      return texts(securityGroupIds).length === 0 ? "the default group, which lets nothing through" : undefined;
    },
    remedy: "set privateDnsEnabled, subnetIds and securityGroupIds",
    broken: (resources) => changed(resources, "ec2/vpcEndpoint", { privateDnsEnabled: false }),
  },
  {
    ids: ["own: function in a network"],
    says: "a function in a network stands in the program's, may have its interfaces there, and trusts RDS's authority",
    level: "M",
    of: ["lambda/function"],
    found: (lambda, resources) => {
      if (lambda.inputs.vpcConfig === undefined) return undefined;
      const groups = texts(input(lambda, "vpcConfig.securityGroupIds"));
      const own = ofType(resources, "ec2/securityGroup").map(({ outputs }) => outputs.id);
      if (groups.length === 0 || !groups.every((id) => own.includes(id))) return `its groups are ${groups}`;
      if (texts(input(lambda, "vpcConfig.subnetIds")).length < 2) return "it stands in one zone";
      const role = ofType(resources, "iam/role").find(({ outputs }) => outputs.arn === lambda.inputs.role);
      const policies = ofType(resources, "iam/rolePolicy").filter(({ inputs }) => inputs.role === role?.outputs.name);
      if (
        !texts(policies.map(({ inputs }) => inputs.policy))
          .join()
          .includes("ec2:CreateNetworkInterface")
      )
        return "it may have no network interface, and Lambda refuses to make it";
      return input(lambda, "environment.variables.NODE_EXTRA_CA_CERTS") ? undefined : "it knows no authority of RDS";
    },
    remedy: "give it a placement",
    broken: (resources) =>
      added(resources, "lambda/function", "second", {
        ...ofType(resources, "lambda/function")[0]?.inputs,
        vpcConfig: { subnetIds: ["subnet-1", "subnet-2"], securityGroupIds: ["sg-default"] },
      }),
  },
];
