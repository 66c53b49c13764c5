// apigateway: what is asked of an HTTP API, its routes and the way from them to functions.

import { added, awsType, changed, input, ofType, type Resource, type Rule, texts, without } from "./rule";

const stages = ["apigatewayv2/stage"];
const routes = ["apigatewayv2/route"];

const ofApi = (resources: readonly Resource[], type: string, apiId: unknown) =>
  ofType(resources, type).filter(({ inputs }) => inputs.apiId === apiId);

const other = (type: string, inputs: Readonly<Record<string, unknown>>) => (resources: readonly Resource[]) =>
  changed(resources, type, inputs);

const functionOf = ({ inputs }: Resource, resources: readonly Resource[]) =>
  ofType(resources, "lambda/function").find(({ outputs }) => outputs.arn === inputs.integrationUri);

const ofGateway = (resources: readonly Resource[]) =>
  ofType(resources, "lambda/permission").filter(({ inputs }) => inputs.principal === "apigateway.amazonaws.com");

export const apigateway: readonly Rule[] = [
  {
    ids: ["CKV_AWS_76", "AwsSolutions-APIG1", "APIGWAccessLogging", "APIGWStructuredLogging"],
    says: "an API logs every access as JSON, into a group of the program that forgets after a while",
    level: "M",
    of: stages,
    found: (stage, resources) => {
      const [arn, format] = [input(stage, "accessLogSettings.destinationArn"), accessLogFormat(stage)];
      const group = ofType(resources, "cloudwatch/logGroup").find(({ outputs }) => outputs.arn === arn);
      if (group === undefined) return `its group is ${arn}`;
      if (!(Number(group.inputs.retentionInDays) > 0)) return `retention is ${group.inputs.retentionInDays}`;
      const needed = ["$context.requestId", "$context.identity.sourceIp", "$context.routeKey", "$context.status"];
      const missing = needed.filter((variable) => !texts(format).includes(variable));
      return missing.length === 0 ? undefined : `its format lacks ${missing.join(", ")}`;
    },
    remedy: "give it accessLogSettings with a log group of its own and a format of JSON",
    broken: other("apigatewayv2/stage", { accessLogSettings: { format: "$context.requestId" } }),
  },
  {
    ids: ["APIGWDefaultThrottling"],
    says: "an API takes no more than so many requests a second",
    level: "M",
    of: stages,
    found: (stage) => {
      const { throttlingRateLimit: rate = 0, throttlingBurstLimit: burst = 0 } = (stage.inputs.defaultRouteSettings ??
        {}) as { throttlingRateLimit?: number; throttlingBurstLimit?: number };
      return rate > 0 && burst > 0 ? undefined : `its rate is ${rate}, its burst ${burst}`;
    },
    remedy: "set throttlingRateLimit and throttlingBurstLimit in defaultRouteSettings",
    broken: other("apigatewayv2/stage", { defaultRouteSettings: {} }),
  },
  {
    ids: ["own: an API is reached"],
    says: "an API has a stage that is deployed with each change",
    level: "M",
    of: ["apigatewayv2/api"],
    found: ({ outputs }, resources) =>
      ofApi(resources, "apigatewayv2/stage", outputs.id).some(({ inputs }) => inputs.autoDeploy === true)
        ? undefined
        : "no stage with autoDeploy",
    remedy: "make it with HttpApi",
    broken: (resources) => without(resources, "apigatewayv2/stage"),
  },
  {
    ids: ["own: alarms of an API"],
    says: "somebody is told when an API fails or is slow",
    level: "M",
    of: ["apigatewayv2/api"],
    found: ({ outputs }, resources) => {
      const told = ofType(resources, "cloudwatch/metricAlarm")
        .filter(({ inputs: { namespace, dimensions } }) => {
          return namespace === "AWS/ApiGateway" && JSON.stringify(dimensions) === JSON.stringify({ ApiId: outputs.id });
        })
        .map(({ inputs }) => `${inputs.metricName} ${inputs.statistic ?? inputs.extendedStatistic}`);
      const missing = ["5xx Sum", "Latency p99"].filter((what) => !told.includes(what));
      return missing.length === 0 ? undefined : `no alarm on ${missing.join(", ")}`;
    },
    remedy: "make it with HttpApi",
    broken: (resources) => resources.filter(({ inputs }) => inputs.metricName !== "5xx"),
  },
  {
    ids: ["own: CORS"],
    says: "an API lets in the pages that it names, without cookies, and no others",
    level: "M",
    of: ["apigatewayv2/api"],
    found: ({ inputs: { corsConfiguration } }) => {
      const { allowOrigins = [], allowCredentials } = (corsConfiguration ?? {}) as {
        allowOrigins?: readonly string[];
        allowCredentials?: boolean;
      };
      const open = allowOrigins.find((origin) => !/^https:\/\/[^*]+$/.test(origin));
      if (open !== undefined) return `it lets in ${open}`;
      return allowCredentials === true ? "it takes cookies" : undefined;
    },
    remedy: "name the pages in tributary:apiOrigins",
    broken: other("apigatewayv2/api", { corsConfiguration: { allowOrigins: ["*"] } }),
  },
  {
    ids: ["CKV_AWS_309", "AwsSolutions-APIG4"],
    says: "every route is behind a JWT authorizer of its API",
    level: "M",
    of: routes,
    found: ({ inputs }, resources) => {
      if (inputs.authorizationType !== "JWT") return `its authorization is ${inputs.authorizationType}`;
      const authorizer = ofApi(resources, "apigatewayv2/authorizer", inputs.apiId).find(
        ({ outputs }) => outputs.id === inputs.authorizerId,
      );
      return authorizer === undefined ? `its authorizer is ${inputs.authorizerId}` : undefined;
    },
    remedy: "declare it with route()",
    broken: other("apigatewayv2/route", { authorizationType: "NONE" }),
  },
  {
    ids: ["own: scope of a route"],
    // Only access tokens carry scopes: a route that asks for none would take ID tokens as well.
    says: "a route asks for the scope that a sign-in gives, and so for an access token",
    level: "M",
    of: routes,
    found: ({ inputs }) =>
      texts(inputs.authorizationScopes).join() === "aws.cognito.signin.user.admin"
        ? undefined
        : `its scopes are ${inputs.authorizationScopes}`,
    remedy: "declare it with route()",
    broken: other("apigatewayv2/route", { authorizationScopes: [] }),
  },
  {
    ids: ["own: one stage per route"],
    says: "a route is named by its method and path, leads to a function, and is the only one of its name",
    level: "M",
    of: routes,
    found: ({ inputs }, resources) => {
      if (!/^(GET|POST|DELETE) \//.test(String(inputs.routeKey))) return `it is ${inputs.routeKey}`;
      const same = ofApi(resources, "apigatewayv2/route", inputs.apiId).filter(
        (it) => it.inputs.routeKey === inputs.routeKey,
      );
      if (same.length > 1) return `${same.map(({ name }) => name).join(", ")} are ${inputs.routeKey}`;
      const integrations = ofApi(resources, "apigatewayv2/integration", inputs.apiId);
      return integrations.some(({ outputs }) => inputs.target === `integrations/${outputs.id}`)
        ? undefined
        : `its target is ${inputs.target}`;
    },
    remedy: "declare it with route()",
    broken: other("apigatewayv2/route", { routeKey: "$default" }),
  },
  {
    ids: ["own: issuer"],
    says: "an authorizer believes a user pool of the program, and takes its clients' tokens only",
    level: "M",
    of: ["apigatewayv2/authorizer"],
    found: (authorizer, resources) => {
      const { issuer, audiences = [] } = (authorizer.inputs.jwtConfiguration ?? {}) as {
        issuer?: string;
        audiences?: readonly string[];
      };
      const pool = ofType(resources, "cognito/userPool").find(
        ({ outputs }) => issuer === `https://${outputs.endpoint}`,
      );
      if (pool === undefined) return `its issuer is ${issuer}`;
      const clients = ofType(resources, "cognito/userPoolClient")
        .filter(({ inputs }) => inputs.userPoolId === pool.outputs.id)
        .map(({ outputs }) => outputs.id);
      const known = audiences.length > 0 && audiences.every((audience) => clients.includes(audience));
      return known ? undefined : `its audiences are ${audiences}`;
    },
    remedy: "give it the pool's endpoint and the ids of its clients",
    broken: (resources) => without(resources, "cognito/userPoolClient"),
  },
  {
    ids: ["own: payload 2.0"],
    says: "a route hands a function the request in payload format 2.0, and waits for longer than it may take",
    level: "M",
    of: ["apigatewayv2/integration"],
    found: (integration, resources) => {
      const { integrationType, payloadFormatVersion, timeoutMilliseconds } = integration.inputs;
      if (integrationType !== "AWS_PROXY") return `it is ${integrationType}`;
      if (payloadFormatVersion !== "2.0") return `its payload is ${payloadFormatVersion}`;
      const lambda = functionOf(integration, resources);
      if (lambda === undefined) return `it is ${integration.inputs.integrationUri}`;
      const [wait, most] = [Number(timeoutMilliseconds), Number(lambda.inputs.timeout) * 1_000];
      return wait > most && wait <= 30_000 ? undefined : `it waits for ${wait} ms, and the function has ${most} ms`;
    },
    remedy: "declare it with route()",
    broken: other("apigatewayv2/integration", { payloadFormatVersion: "1.0" }),
  },
  {
    ids: ["own: permission of a route"],
    says: "an API may invoke the function of a route for this route, and for nothing else",
    level: "M",
    of: routes,
    found: (route, resources) => {
      const { apiId, routeKey, target } = route.inputs;
      const [api] = resources.filter(
        ({ type, outputs }) => type === awsType("apigatewayv2/api") && outputs.id === apiId,
      );
      const integration = ofApi(resources, "apigatewayv2/integration", apiId).find(
        ({ outputs }) => target === `integrations/${outputs.id}`,
      );
      const lambda = integration && functionOf(integration, resources);
      const wanted = `${api?.outputs.executionArn}/*/${String(routeKey)
        .replace(" ", "")
        .replaceAll(/\{[^}]*\}/g, "*")}`;
      const sources = ofGateway(resources)
        .filter(({ inputs }) => inputs.function === lambda?.outputs.name)
        .map(({ inputs }) => inputs.sourceArn);
      return sources.includes(wanted) ? undefined : `it may be invoked for ${sources.join(", ") || "nothing"}`;
    },
    remedy: "declare it with route()",
    broken: other("lambda/permission", { sourceArn: undefined }),
  },
  {
    ids: ["own: permissions of an API"],
    says: "what lets an API invoke a function names a route of the program",
    level: "M",
    of: ["lambda/permission"],
    found: ({ inputs: { principal, sourceArn } }, resources) => {
      if (principal !== "apigateway.amazonaws.com") return undefined;
      const apis = ofType(resources, "apigatewayv2/api").map(({ outputs }) => String(outputs.executionArn));
      const named = apis.some((arn) => new RegExp(`^${arn}/\\*/(GET|POST|DELETE)/[^*]`).test(String(sourceArn)));
      return named ? undefined : `its source is ${sourceArn}`;
    },
    remedy: "declare it with route()",
    broken: (resources) =>
      added(resources, "lambda/permission", "every-route", {
        principal: "apigateway.amazonaws.com",
        sourceArn: `${ofType(resources, "apigatewayv2/api")[0]?.outputs.executionArn}/*/*`,
      }),
  },
];

/** Nothing where it is no JSON. */
function accessLogFormat(stage: Resource): unknown {
  try {
    return JSON.parse(String(input(stage, "accessLogSettings.format")));
  } catch {
    return undefined;
  }
}
