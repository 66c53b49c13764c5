// http-api: an API of API Gateway that lets in whoever has an access token of the user pool, and nobody else.
//
//   request ──> API ──> authorizer: the pool's token? ──> route ──> the stage that said route(api, endpoint)
//                │         └── no: 401, and no stage is woken
//                ├── throttled, access log in JSON
//                └── alarms ──> the platform's topic

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Endpoint } from "../schemas/endpoint";
import { alarm } from "./alarm";
import type { Platform } from "./platform";
import type { Stage } from "./stage";
import { tagged } from "./tags";

export interface HttpApiOptions {
  readonly userPool: aws.cognito.UserPool;
  readonly client: aws.cognito.UserPoolClient;
  /** Of the web pages that may ask it, `https://shop.example`; none, and no page may. */
  readonly origins: readonly string[];
  /** Requests a second that it takes, of everybody together. */
  readonly rate: number;
  /** Requests at once that it takes above the rate. */
  readonly burst: number;
}

/**
 * An ID token carries no scopes, an access token of a sign-in this one: without it API Gateway would take both
 * (API Gateway Developer Guide, "Control access to HTTP APIs with JWT authorizers").
 */
const scope = "aws.cognito.signin.user.admin";

/** API Gateway waits no longer, in seconds; its quota of an integration's timeout (API Gateway, "Quotas for HTTP APIs"). */
const longestWait = 30;

/**
 * Of a body that is no text. It comes in Base64, four bytes for three, in an event of 6 MB at most
 * (Lambda Developer Guide, "Lambda quotas"), in which there are headers and claims as well.
 */
const mostBytes = 4_500_000;

export class HttpApi extends pulumi.ComponentResource {
  /** `https://....execute-api.eu-central-1.amazonaws.com` */
  readonly url: pulumi.Output<string>;
  readonly #api: aws.apigatewayv2.Api;
  readonly #authorizer: aws.apigatewayv2.Authorizer;
  readonly #stages = new Map<string, string>();

  constructor(
    readonly name: string,
    platform: Platform,
    { userPool, client, origins, rate, burst }: HttpApiOptions,
  ) {
    const tags = { pipeline: platform.pipeline };
    super("tributary:stage:HttpApi", name, {}, { transformations: [tagged(tags)] });
    const child = { parent: this };

    this.#api = new aws.apigatewayv2.Api(
      name,
      { protocolType: "HTTP", ...(origins.length > 0 ? { corsConfiguration: cors(origins) } : {}), tags },
      child,
    );
    this.url = this.#api.apiEndpoint;
    // Made when the pool is there: API Gateway asks the issuer for its keys at once.
    this.#authorizer = new aws.apigatewayv2.Authorizer(
      name,
      {
        apiId: this.#api.id,
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: { issuer: pulumi.interpolate`https://${userPool.endpoint}`, audiences: [client.id] },
      },
      child,
    );
    const logs = accessLog(name, platform, child);
    new aws.apigatewayv2.Stage(
      name,
      {
        apiId: this.#api.id,
        // The one whose name is no part of the path.
        name: "$default",
        autoDeploy: true,
        defaultRouteSettings: { throttlingRateLimit: rate, throttlingBurstLimit: burst },
        accessLogSettings: { destinationArn: logs.arn, format: accessLogFormat },
        tags,
      },
      child,
    );
    alarms(this, this.#api, platform);
    this.registerOutputs({ url: this.url });
  }

  /** Has `stage` answer an endpoint. */
  serve(stage: Stage, { route, body }: Endpoint): void {
    const cannot = `Cannot serve "${route}" by "${stage.name}"`;
    const other = this.#stages.get(route);
    if (other !== undefined) {
      throw new pulumi.RunError(`${cannot}: "${other}" serves it. Give one of them another route.`);
    }
    if (stage.timeout >= longestWait) {
      throw new pulumi.RunError(
        `${cannot}: its timeout is ${stage.timeout} s, and API Gateway waits for ${longestWait} s. ` +
          `Set it to ${longestWait - 1} at most.`,
      );
    }
    if (body && "maxBytes" in body && body.maxBytes > mostBytes) {
      throw new pulumi.RunError(
        `${cannot}: its body may have ${body.maxBytes} bytes, and ${mostBytes} reach a function. Lower maxBytes.`,
      );
    }
    this.#stages.set(route, stage.name);
    this.#connect(stage, route);
  }

  #connect(stage: Stage, route: string): void {
    const child = { parent: stage };
    const permission = new aws.lambda.Permission(
      `${stage.name}-from-${this.name}`,
      {
        function: stage.function.name,
        action: "lambda:InvokeFunction",
        principal: "apigateway.amazonaws.com",
        sourceArn: pulumi.interpolate`${this.#api.executionArn}/${pathInArn(route)}`,
      },
      child,
    );
    const integration = new aws.apigatewayv2.Integration(
      stage.name,
      {
        apiId: this.#api.id,
        integrationType: "AWS_PROXY",
        integrationMethod: "POST",
        integrationUri: stage.function.arn,
        payloadFormatVersion: "2.0",
        // A second more than the function has, so that what is answered in the last one still arrives.
        timeoutMilliseconds: (stage.timeout + 1) * 1_000,
      },
      child,
    );
    new aws.apigatewayv2.Route(
      stage.name,
      {
        apiId: this.#api.id,
        routeKey: route,
        target: pulumi.interpolate`integrations/${integration.id}`,
        authorizationType: "JWT",
        authorizerId: this.#authorizer.id,
        authorizationScopes: [scope],
      },
      // Deployed at once: before the permission every request would be answered with 500.
      { ...child, dependsOn: [permission] },
    );
  }
}

/**
 * `GET /api/errors/{id}` of any deployment: an `*` stands for what is in braces, as AWS SAM writes it
 * (https://github.com/aws/serverless-application-model, samtranslator/model/eventsources/push.py).
 */
const pathInArn = (route: string): string => `*/${route.replace(" ", "").replaceAll(/\{[^}]*\}/g, "*")}`;

/** For pages that send a token in a header of their own. No cookies: there are none. */
const cors = (origins: readonly string[]) => ({
  allowOrigins: [...origins],
  allowMethods: ["GET", "POST", "DELETE"],
  allowHeaders: ["authorization", "content-encoding", "content-type", "idempotency-key"],
  exposeHeaders: ["retry-after"],
  maxAge: 3_600,
});

/** Who asked what, and what became of it. Nothing in it that a caller writes as they like: quotes would break the JSON. */
const accessLogFormat = JSON.stringify({
  requestId: "$context.requestId",
  time: "$context.requestTime",
  ip: "$context.identity.sourceIp",
  user: "$context.authorizer.claims.sub",
  route: "$context.routeKey",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  integrationMilliseconds: "$context.integrationLatency",
  integrationError: "$context.integrationErrorMessage",
  authorizerError: "$context.authorizer.error",
  error: "$context.error.responseType",
});

function accessLog(name: string, { stack, logRetentionDays, key }: Platform, options: pulumi.CustomResourceOptions) {
  const kept = { name: `/tributary/${stack}/${name}-access`, retentionInDays: logRetentionDays };
  const args = key ? { ...kept, kmsKeyId: key.arn } : kept;
  return new aws.cloudwatch.LogGroup(`${name}-access`, args, options);
}

function alarms(parent: HttpApi, api: aws.apigatewayv2.Api, platform: Platform): void {
  const of = { namespace: "AWS/ApiGateway", dimensions: { ApiId: api.id } };
  alarm(
    platform,
    `${parent.name}-errors`,
    "The API answered with 5xx. The log of the route's stage says why.",
    { ...of, metricName: "5xx", statistic: "Sum" },
    { parent },
  );
  alarm(
    platform,
    `${parent.name}-latency`,
    `One answer of a hundred takes over two thirds of the ${longestWait} s that API Gateway waits.`,
    { ...of, metricName: "Latency", extendedStatistic: "p99", threshold: (longestWait * 1_000 * 2) / 3 },
    { parent },
  );
}
