// sample-event: an event as a stage's own trigger would send it, made from what the program registered.

import type { APIGatewayProxyEventV2WithJWTAuthorizer, S3Event, SQSEvent } from "aws-lambda";
import { endpoints } from "../../schemas/endpoints";
import type { Registered } from "../evaluation/evaluate";
import { sampleRequest } from "./sample-request";

export function sampleEvent(lambda: Registered, resources: readonly Registered[]): unknown {
  const event =
    objectCreated(lambda, resources) ??
    eventBatch(lambda, resources) ??
    request(lambda, resources) ??
    scheduled(lambda, resources) ??
    deployment(lambda, resources) ??
    fromStage[lambda.name];
  if (event !== undefined) return event;
  throw new Error(
    `Cannot invoke "${lambda.name}": nobody has said what event its trigger sends. Say it in stage/serialization/sample-event.ts.`,
  );
}

function objectCreated(lambda: Registered, resources: readonly Registered[]): S3Event | undefined {
  for (const { inputs } of ofType(resources, "aws:s3/bucketNotification:BucketNotification")) {
    const targets = (inputs.lambdaFunctions ?? []) as readonly Record<string, string>[];
    const target = targets.find(({ lambdaFunctionArn }) => lambdaFunctionArn === lambda.outputs.arn);
    if (target) return s3Event(String(inputs.bucket), `${target.filterPrefix}a b+ü%${target.filterSuffix}`);
  }
  return undefined;
}

/** A queue that a rule of EventBridge fills: with events of S3, or of a stage. */
function eventBatch(lambda: Registered, resources: readonly Registered[]): SQSEvent | undefined {
  const mappings = ofType(resources, "aws:lambda/eventSourceMapping:EventSourceMapping");
  const queueArn = mappings.find(({ inputs }) => inputs.functionName === lambda.outputs.name)?.inputs.eventSourceArn;
  const target = ofType(resources, "aws:cloudwatch/eventTarget:EventTarget").find(
    ({ inputs }) => inputs.arn === queueArn,
  );
  const rule = ofType(resources, "aws:cloudwatch/eventRule:EventRule").find(
    ({ outputs }) => outputs.name === target?.inputs.rule,
  );
  if (rule === undefined) return undefined;
  const pattern = JSON.parse(String(rule.inputs.eventPattern)) as Pattern;
  return sqsEvent(
    String(queueArn),
    pattern.detail === undefined ? published(lambda, pattern) : created(pattern.detail),
  );
}

interface Pattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail?: CreatedDetail;
}

interface CreatedDetail {
  readonly bucket: { readonly name: readonly string[] };
  readonly object?: { readonly key: readonly { readonly prefix?: string }[] };
}

/** Without a prefix, what a user calls a picture. */
function created({ bucket, object }: CreatedDetail): object {
  const prefix = object?.key[0]?.prefix;
  return objectEvent(String(bucket.name[0]), prefix === undefined ? "anna/a b+ü%.jpg" : `${prefix}a b+ü%`);
}

function published({ inputs, name }: Registered, { source, "detail-type": types }: Pattern): object {
  const { BUCKET_NAME: bucket } = (inputs.environment as { variables: Record<string, string> }).variables;
  const item = { item_id: "cat", user_id: "anna" };
  const details: Readonly<Record<string, object>> = {
    ImageProcessed: { ...item, bucket, original_key: "anna/cat.jpg", version_id: "sample" },
    AnalysisComplete: { ...item, analysis_id: "33333333-3333-4333-8333-333333333333" },
  };
  const [type = ""] = types;
  const detail = details[type];
  if (detail !== undefined) return { version: "0", source: source[0], "detail-type": type, detail };
  throw new Error(
    `Cannot invoke "${name}": nobody has said what ${type} tells. Say it in stage/serialization/sample-event.ts.`,
  );
}

function request(
  lambda: Registered,
  resources: readonly Registered[],
): APIGatewayProxyEventV2WithJWTAuthorizer | undefined {
  const integration = ofType(resources, "aws:apigatewayv2/integration:Integration").find(
    ({ inputs }) => inputs.integrationUri === lambda.outputs.arn,
  );
  if (integration === undefined) return undefined;
  const route = ofType(resources, "aws:apigatewayv2/route:Route").find(
    ({ inputs }) => inputs.target === `integrations/${integration.outputs.id}`,
  );
  const endpoint = Object.values(endpoints).find((it) => it.route === route?.inputs.routeKey);
  return endpoint && sampleRequest(endpoint);
}

const scheduled = (lambda: Registered, resources: readonly Registered[]): unknown => {
  const targets = ofType(resources, "aws:scheduler/schedule:Schedule").map(
    ({ inputs }) => inputs.target as Record<string, string>,
  );
  const input = targets.find(({ arn }) => arn === lambda.outputs.arn)?.input;
  return input === undefined ? undefined : JSON.parse(input);
};

const deployment = (lambda: Registered, resources: readonly Registered[]): unknown => {
  const run = ofType(resources, "aws:lambda/invocation:Invocation").find(
    ({ inputs }) => inputs.functionName === lambda.outputs.name,
  );
  return run && JSON.parse(String(run.inputs.input));
};

/** Of stages that others invoke, by their names. */
const fromStage: Readonly<Record<string, unknown>> = {
  "find-items": {
    userId: "anna",
    query: "cat",
    vector: Array(1_024).fill(0.03),
    embeddingModel: "voyage-3.5",
    limit: 20,
    offset: 0,
  },
  "item-records": { read: "item", user_id: "anna", item_id: "cat" },
  "run-query": { sellers: ["acme"], sql: "select count(*) from products" },
};

const ofType = (resources: readonly Registered[], type: string) => resources.filter((it) => it.type === type);

const sqsEvent = (queueArn: string, body: unknown): SQSEvent => ({
  Records: [
    {
      messageId: "11111111-1111-4111-8111-111111111111",
      receiptHandle: "SAMPLE",
      body: JSON.stringify(body),
      attributes: {
        ApproximateReceiveCount: "1",
        SentTimestamp: "1767225600000",
        SenderId: "SAMPLE",
        ApproximateFirstReceiveTimestamp: "1767225600000",
      },
      messageAttributes: {},
      md5OfBody: "d41d8cd98f00b204e9800998ecf8427e",
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: "eu-central-1",
    },
  ],
});

/** Of EventBridge the key is not encoded (Amazon S3 User Guide, "EventBridge event message structure"). */
const objectEvent = (bucket: string, key: string) => ({
  version: "0",
  id: "22222222-2222-4222-8222-222222222222",
  "detail-type": "Object Created",
  source: "aws.s3",
  account: "123456789012",
  time: "2026-01-01T00:00:00Z",
  region: "eu-central-1",
  resources: [`arn:aws:s3:::${bucket}`],
  detail: {
    version: "0",
    bucket: { name: bucket },
    object: {
      key,
      size: 1,
      etag: "d41d8cd98f00b204e9800998ecf8427e",
      "version-id": "sample",
      sequencer: "0055AED6DCD90281E5",
    },
    "request-id": "SAMPLE",
    requester: "123456789012",
    "source-ip-address": "127.0.0.1",
    reason: "PutObject",
  },
});

/** Keys are encoded as in a form (Amazon S3 User Guide, "Event message structure"). */
const s3Event = (bucket: string, key: string): S3Event => ({
  Records: [
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "eu-central-1",
      eventTime: "2026-01-01T00:00:00.000Z",
      eventName: "ObjectCreated:Put",
      userIdentity: { principalId: "AWS:SAMPLE" },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: { "x-amz-request-id": "SAMPLE", "x-amz-id-2": "SAMPLE" },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: "sample",
        bucket: { name: bucket, ownerIdentity: { principalId: "SAMPLE" }, arn: `arn:aws:s3:::${bucket}` },
        object: {
          key: encodeURIComponent(key).replaceAll("%20", "+").replaceAll("%2F", "/"),
          size: 1,
          eTag: "d41d8cd98f00b204e9800998ecf8427e",
          versionId: "sample",
          sequencer: "0055AED6DCD90281E5",
        },
      },
    },
  ],
});
