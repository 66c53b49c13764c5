// identities: what AWS would answer when a resource of the program is made - names, ARNs, URLs.
//
// One line per resource type of the program. A type that is not here stops the evaluation by name: an output that nobody
// thought of would otherwise be `undefined` and vanish from whatever it was given to.

export const accountId = "123456789012";

/** What is known of a resource when its identity is asked for. */
export interface Requested {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly region: string;
}

interface Identity {
  readonly id: string;
  readonly [output: string]: unknown;
}

export function identify(requested: Requested): Identity {
  const identity = identities[requested.type];
  if (identity === undefined) {
    throw new Error(
      `Cannot evaluate "${requested.name}": nobody has said what a ${requested.type} answers. Say it in stage/evaluation/identities.ts.`,
    );
  }
  return identity(requested);
}

/** Types that have no outputs of their own that a program uses: settings of another resource. */
const plain = ({ name }: Requested): Identity => ({ id: name });

/** Pulumi appends seven random hex digits to an auto-name; ours depend on the name, so that state finds its resources. */
const autoName = ({ name, inputs }: Requested): string =>
  String(inputs.name ?? inputs.bucket ?? `${name}-${sevenHex(name)}`);

const arn = (service: string, region: string, resource: string) =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

/** What EC2 calls by a prefix and digits. */
function ec2(prefix: string, kind: string) {
  return (it: Requested): Identity => {
    const id = `${prefix}-${sevenHex(it.name)}`;
    return { id, arn: arn("ec2", it.region, `${kind}/${id}`) };
  };
}

const identities: Readonly<Record<string, (requested: Requested) => Identity>> = {
  "aws:apigatewayv2/api:Api": (it) => {
    const id = `api${sevenHex(it.name)}`;
    return {
      id,
      name: autoName(it),
      arn: `arn:aws:apigateway:${it.region}::/apis/${id}`,
      executionArn: arn("execute-api", it.region, id),
      apiEndpoint: `https://${id}.execute-api.${it.region}.amazonaws.com`,
    };
  },
  "aws:apigatewayv2/authorizer:Authorizer": (it) => ({ id: sevenHex(it.name), name: autoName(it) }),
  "aws:apigatewayv2/integration:Integration": (it) => ({ id: sevenHex(it.name) }),
  "aws:apigatewayv2/route:Route": (it) => ({ id: sevenHex(it.name) }),
  "aws:apigatewayv2/stage:Stage": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: `arn:aws:apigateway:${it.region}::/apis/${it.inputs.apiId}/stages/${autoName(it)}`,
  }),
  "aws:cognito/userPool:UserPool": (it) => {
    const id = `${it.region}_${sevenHex(it.name).toUpperCase()}ab`;
    return {
      id,
      name: autoName(it),
      arn: arn("cognito-idp", it.region, `userpool/${id}`),
      endpoint: `cognito-idp.${it.region}.amazonaws.com/${id}`,
    };
  },
  "aws:cognito/userPoolClient:UserPoolClient": (it) => ({
    id: `client${sevenHex(it.name)}client${sevenHex(it.name)}`,
    name: autoName(it),
  }),
  "aws:cloudwatch/eventBus:EventBus": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("events", it.region, `event-bus/${autoName(it)}`),
  }),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": plain,
  "aws:cloudwatch/eventRule:EventRule": (it) => {
    const { eventBusName = "default" } = it.inputs;
    const path = eventBusName === "default" ? autoName(it) : `${eventBusName}/${autoName(it)}`;
    return { id: path, name: autoName(it), arn: arn("events", it.region, `rule/${path}`) };
  },
  "aws:cloudwatch/eventTarget:EventTarget": plain,
  "aws:cloudwatch/logGroup:LogGroup": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("logs", it.region, `log-group:${autoName(it)}`),
  }),
  "aws:cloudwatch/metricAlarm:MetricAlarm": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("cloudwatch", it.region, `alarm:${autoName(it)}`),
  }),
  "aws:dynamodb/table:Table": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("dynamodb", it.region, `table/${autoName(it)}`),
  }),
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/flowLog:FlowLog": ec2("fl", "vpc-flow-log"),
  "aws:ec2/securityGroup:SecurityGroup": ec2("sg", "security-group"),
  "aws:ec2/vpcEndpoint:VpcEndpoint": ec2("vpce", "vpc-endpoint"),
  "aws:athena/namedQuery:NamedQuery": (it) => ({
    id: `00000000-0000-4000-8001-${sevenHex(it.name).padStart(12, "0")}`,
    name: autoName(it),
  }),
  "aws:athena/workgroup:Workgroup": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("athena", it.region, `workgroup/${autoName(it)}`),
  }),
  "aws:glue/catalogDatabase:CatalogDatabase": (it) => ({
    id: `${accountId}:${autoName(it)}`,
    name: autoName(it),
    catalogId: accountId,
    arn: arn("glue", it.region, `database/${autoName(it)}`),
  }),
  "aws:glue/catalogTable:CatalogTable": (it) => ({
    id: `${accountId}:${it.inputs.databaseName}:${autoName(it)}`,
    name: autoName(it),
    arn: arn("glue", it.region, `table/${it.inputs.databaseName}/${autoName(it)}`),
  }),
  "aws:glue/crawler:Crawler": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("glue", it.region, `crawler/${autoName(it)}`),
  }),
  "aws:glue/securityConfiguration:SecurityConfiguration": (it) => ({ id: autoName(it), name: autoName(it) }),
  "aws:iam/role:Role": (it) => ({ id: autoName(it), name: autoName(it), arn: arn("iam", "", `role/${autoName(it)}`) }),
  "aws:iam/rolePolicy:RolePolicy": plain,
  "aws:kms/key:Key": (it) => {
    const keyId = `00000000-0000-4000-8000-${sevenHex(it.name).padStart(12, "0")}`;
    return { id: keyId, keyId, arn: arn("kms", it.region, `key/${keyId}`) };
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": plain,
  "aws:lambda/function:Function": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("lambda", it.region, `function:${autoName(it)}`),
  }),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": plain,
  "aws:lambda/invocation:Invocation": plain,
  "aws:lambda/layerVersion:LayerVersion": ({ inputs, region, name }) => {
    const layerArn = arn("lambda", region, `layer:${inputs.layerName ?? name}`);
    return { id: `${layerArn}:1`, arn: `${layerArn}:1`, layerArn, version: "1" };
  },
  "aws:lambda/permission:Permission": plain,
  "aws:rds/instance:Instance": (it) => {
    const identifier = String(it.inputs.identifier ?? autoName(it));
    const address = `${it.name}.rds.embedded`;
    return {
      id: identifier,
      identifier,
      resourceId: `db-${sevenHex(identifier).toUpperCase()}`,
      arn: arn("rds", it.region, `db:${identifier}`),
      address,
      endpoint: `${address}:${it.inputs.port ?? 5_432}`,
      masterUserSecrets: it.inputs.manageMasterUserPassword
        ? [
            {
              secretArn: arn("secretsmanager", it.region, `secret:rds!db-${sevenHex(identifier)}`),
              secretStatus: "active",
            },
          ]
        : [],
    };
  },
  "aws:rds/parameterGroup:ParameterGroup": (it) => ({ id: autoName(it), name: autoName(it) }),
  "aws:rds/subnetGroup:SubnetGroup": (it) => ({ id: autoName(it), name: autoName(it) }),
  "aws:s3/bucket:Bucket": (it) => ({ id: autoName(it), bucket: autoName(it), arn: `arn:aws:s3:::${autoName(it)}` }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": plain,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": plain,
  "aws:s3/bucketLogging:BucketLogging": plain,
  "aws:s3/bucketNotification:BucketNotification": plain,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": plain,
  "aws:s3/bucketPolicy:BucketPolicy": plain,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": plain,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": plain,
  "aws:s3/bucketVersioning:BucketVersioning": plain,
  "aws:scheduler/schedule:Schedule": (it) => {
    const path = `${it.inputs.groupName ?? "default"}/${autoName(it)}`;
    return { id: path, name: autoName(it), arn: arn("scheduler", it.region, `schedule/${path}`) };
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": (it) => ({
    id: autoName(it),
    name: autoName(it),
    arn: arn("scheduler", it.region, `schedule-group/${autoName(it)}`),
  }),
  "aws:secretsmanager/secret:Secret": (it) => {
    const secretArn = arn("secretsmanager", it.region, `secret:${autoName(it)}-${sevenHex(it.name).slice(0, 6)}`);
    return { id: secretArn, arn: secretArn, name: autoName(it) };
  },
  "aws:secretsmanager/secretVersion:SecretVersion": plain,
  "aws:sns/topic:Topic": (it) => {
    const topicArn = arn("sns", it.region, autoName(it));
    return { id: topicArn, arn: topicArn, name: autoName(it), owner: accountId };
  },
  "aws:sns/topicPolicy:TopicPolicy": plain,
  "aws:sns/topicSubscription:TopicSubscription": (it) => {
    const subscriptionArn = `${it.inputs.topic}:00000000-0000-4000-8002-${sevenHex(it.name).padStart(12, "0")}`;
    return { id: subscriptionArn, arn: subscriptionArn, ownerId: accountId };
  },
  "aws:sqs/queue:Queue": (it) => {
    const url = `https://sqs.${it.region}.amazonaws.com/${accountId}/${autoName(it)}`;
    return { id: url, url, name: autoName(it), arn: arn("sqs", it.region, autoName(it)) };
  },
  "aws:sqs/queuePolicy:QueuePolicy": plain,
  "aws:ssm/parameter:Parameter": (it) => {
    const name = autoName(it);
    return {
      id: name,
      name,
      arn: arn("ssm", it.region, `parameter${name.startsWith("/") ? "" : "/"}${name}`),
      version: 1,
    };
  },
  "awsx:ec2:Vpc": ({ name, inputs }) => {
    const vpcId = `vpc-${sevenHex(name)}`;
    const zones = Array.from({ length: Number(inputs.numberOfAvailabilityZones ?? 3) }, (_, zone) => zone + 1);
    return {
      id: vpcId,
      vpcId,
      isolatedSubnetIds: zones.map((zone) => `subnet-${sevenHex(`${name}-isolated-${zone}`)}`),
    };
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ec2("sgr", "security-group-rule"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ec2("sgr", "security-group-rule"),
};

/** Seven hex digits that depend on `text` alone (FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/). */
function sevenHex(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0").slice(0, 7);
}
