// The shape of the network: who stands in it, what each reaches, what it costs.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Evaluation, evaluate, type Registered } from "../stage/evaluation/evaluate";

let dev: Evaluation;

before(async () => {
  dev = await evaluate({ stack: "dev", program: async () => require("../index"), packages: "kept" });
});

const ofType = (type: string): Registered[] => dev.resources.filter((it) => it.type.endsWith(`:${type}`));

function registered(type: string, name: string): Registered {
  const found = ofType(type).find((it) => it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
}

test("the network has two isolated subnets, no NAT gateway, and routes to S3 and DynamoDB", () => {
  const { inputs } = registered("Vpc", "network");
  const { natGateways, numberOfAvailabilityZones, subnetSpecs, vpcEndpointSpecs } = inputs;
  assert.deepEqual(
    { natGateways, numberOfAvailabilityZones, subnetSpecs },
    {
      natGateways: { strategy: "None" },
      numberOfAvailabilityZones: 2,
      subnetSpecs: [{ type: "Isolated", cidrMask: 20 }],
    },
  );
  const services = (vpcEndpointSpecs as Record<string, string>[]).map(({ serviceName }) => serviceName);
  assert.deepEqual(services, ["com.amazonaws.eu-central-1.s3", "com.amazonaws.eu-central-1.dynamodb"]);
});

test("stages in the network reach the database, Secrets Manager, SNS, S3 and DynamoDB, and nothing else", () => {
  const named = new Map(ofType("SecurityGroup").map(({ name, outputs }) => [outputs.id, name]));
  const shown = ({ inputs }: Registered) =>
    [
      named.get(inputs.securityGroupId),
      inputs.fromPort,
      named.get(inputs.referencedSecurityGroupId) ?? inputs.prefixListId,
    ].join(" ");
  assert.deepEqual(ofType("SecurityGroupEgressRule").map(shown).sort(), [
    "stages 443 notifications-endpoint",
    "stages 443 pl-dynamodb",
    "stages 443 pl-s3",
    "stages 443 secrets-endpoint",
    "stages 5432 database",
  ]);
  assert.deepEqual(ofType("SecurityGroupIngressRule").map(shown).sort(), [
    "database 5432 stages",
    "notifications-endpoint 443 stages",
    "secrets-endpoint 443 stages",
  ]);
});

test("Secrets Manager and SNS are reached by their own names, in dev from one zone", () => {
  const [subnet] = registered("Vpc", "network").outputs.isolatedSubnetIds as string[];
  for (const [name, service] of [
    ["secrets", "secretsmanager"],
    ["notifications", "sns"],
  ] as const) {
    const { inputs } = registered("VpcEndpoint", name);
    assert.deepEqual(inputs.subnetIds, [subnet]);
    assert.equal(inputs.serviceName, `com.amazonaws.eu-central-1.${service}`);
    assert.equal(inputs.privateDnsEnabled, true);
  }
});

test("what stands in the network stands in both zones and in the stages' group; the lake stands outside", () => {
  const placed = ofType("Function").filter(({ inputs }) => inputs.vpcConfig !== undefined);
  for (const { name, inputs } of placed) {
    const place = {
      subnetIds: registered("Vpc", "network").outputs.isolatedSubnetIds,
      securityGroupIds: [registered("SecurityGroup", "stages").outputs.id],
    };
    assert.deepEqual(inputs.vpcConfig, place, name);
  }
  const names = placed.map(({ name }) => name);
  assert.ok(names.includes("migrate") && !names.includes("raw-to-curated"), names.join());
});

test("a deleted function hands its network interfaces over to the closed group", () => {
  const { replaceSecurityGroupsOnDestroy, replacementSecurityGroupIds } = registered("Function", "migrate").inputs;
  const closed = registered("DefaultSecurityGroup", "closed");
  assert.deepEqual([replaceSecurityGroupsOnDestroy, replacementSecurityGroupIds], [true, [closed.outputs.id]]);
  assert.deepEqual([closed.inputs.ingress, closed.inputs.egress], [[], []]);
});
