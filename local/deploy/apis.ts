// apis: the registered HTTP API - its routes, the functions behind them and who may come in - for the embedded API Gateway.

import type { Registered } from "../../stage/evaluation/evaluate";
import { accountId } from "../../stage/evaluation/identities";
import { type PolicyDocument, serviceRefusal } from "../door/policy";
import type { ApiConfig, Authorizer, CorsConfig, RouteConfig, Throttle } from "../services/api-gateway/api-config";
import { type Registry, text } from "./registry";
import { isFunction, refuseOthers } from "./targets";

export const apiTypes = [
  "aws:apigatewayv2/api:Api",
  "aws:apigatewayv2/authorizer:Authorizer",
  "aws:apigatewayv2/integration:Integration",
  "aws:apigatewayv2/route:Route",
  "aws:apigatewayv2/stage:Stage",
];

export const apiService = "apigateway.amazonaws.com";

/** The program's API, where it registers one. `isIssuer` says whose keys can be had here: AWS asks for them at once. */
export function apiConfig(registry: Registry, isIssuer: (issuer: string) => boolean): ApiConfig | undefined {
  const [api, other] = registry.ofType("aws:apigatewayv2/api:Api");
  if (api === undefined) return undefined;
  if (other !== undefined) throw new Error(`Cannot deploy "${other.name}": a second API is not imitated`);
  const what = `the API "${api.name}"`;
  refuseOthers(what, api.inputs, ["name", "description", "protocolType", "corsConfiguration", "tags", "tagsAll"]);
  if (api.inputs.protocolType !== "HTTP") throw notImitated(what, `the protocol ${api.inputs.protocolType}`);

  const id = text(api, "id");
  const stage = stageOf(registry, id, what);
  const { defaultRouteSettings, routeSettings = [], accessLogSettings } = stage;
  const limits = new Map(routeSettings.map((settings) => [settings.routeKey, throttleOf(settings)]));
  const throttle = defaultRouteSettings && throttleOf(defaultRouteSettings);
  return {
    id,
    name: text(api, "name"),
    account: accountId,
    region: registry.region,
    executionArn: text(api, "executionArn"),
    routes: registry
      .about("aws:apigatewayv2/route:Route", "apiId", id)
      .map((route) => routeOf(registry, route, isIssuer))
      .map((route) => ({ ...route, ...given("throttle", limits.get(route.key)) })),
    ...given("cors", api.inputs.corsConfiguration as CorsConfig | undefined),
    ...given("throttle", throttle),
    ...given("accessLog", accessLogSettings && logOf(registry, accessLogSettings, what)),
  };
}

interface StageInputs {
  readonly name?: string;
  readonly autoDeploy?: boolean;
  readonly defaultRouteSettings?: RouteSettings;
  readonly routeSettings?: readonly (RouteSettings & { readonly routeKey: string })[];
  readonly accessLogSettings?: { readonly destinationArn: string; readonly format: string };
}

interface RouteSettings {
  readonly throttlingBurstLimit?: number;
  readonly throttlingRateLimit?: number;
}

/** Deployments by hand are not imitated: what is registered is what is served. */
function stageOf(registry: Registry, apiId: string, what: string): StageInputs {
  const [stage, other] = registry.about("aws:apigatewayv2/stage:Stage", "apiId", apiId);
  if (stage === undefined) throw new Error(`Cannot deploy ${what}: it has no stage`);
  const inputs = stage.inputs as StageInputs;
  if (other !== undefined || inputs.name !== "$default") throw notImitated(what, "another stage than $default");
  if (inputs.autoDeploy !== true) throw notImitated(what, "a stage without autoDeploy");
  refuseOthers(`the stage of ${what}`, stage.inputs, [
    "apiId",
    "name",
    "description",
    "autoDeploy",
    "defaultRouteSettings",
    "routeSettings",
    "accessLogSettings",
    "tags",
    "tagsAll",
  ]);
  for (const settings of [inputs.defaultRouteSettings, ...(inputs.routeSettings ?? [])])
    refuseOthers(`the stage of ${what}`, { ...settings }, [
      "routeKey",
      "throttlingBurstLimit",
      "throttlingRateLimit",
      // Of what nobody looks at here: metrics.
      "detailedMetricsEnabled",
    ]);
  return inputs;
}

/** What is not said is the account's (Developer Guide, "Quotas for HTTP APIs"). */
const throttleOf = ({
  throttlingBurstLimit: burst = 5_000,
  throttlingRateLimit: rate = 10_000,
}: RouteSettings): Throttle => ({
  burst,
  rate,
});

function logOf(
  registry: Registry,
  { destinationArn, format }: NonNullable<StageInputs["accessLogSettings"]>,
  what: string,
) {
  const groupArn = destinationArn.replace(/:\*$/, "");
  const group = registry.ofType("aws:cloudwatch/logGroup:LogGroup").find(({ outputs }) => outputs.arn === groupArn);
  if (group === undefined) throw new Error(`Cannot deploy ${what}: there is no log group "${groupArn}"`);
  return { groupArn, format };
}

function routeOf(registry: Registry, route: Registered, isIssuer: (issuer: string) => boolean): RouteConfig {
  const key = text(route, "routeKey");
  const what = `the route "${key}"`;
  refuseOthers(what, route.inputs, [
    "apiId",
    "routeKey",
    "target",
    "authorizationType",
    "authorizerId",
    "authorizationScopes",
    "operationName",
  ]);
  const integration = registry
    .ofType("aws:apigatewayv2/integration:Integration")
    .find(({ outputs }) => `integrations/${outputs.id}` === route.inputs.target);
  if (integration === undefined) throw new Error(`Cannot deploy ${what}: there is no "${route.inputs.target}"`);
  const lambda = functionOf(registry, integration, what);
  return {
    key,
    functionName: text(lambda, "name"),
    timeoutMs: Number(integration.inputs.timeoutMilliseconds ?? 30_000),
    refusal: refusalOf(registry, lambda),
    ...given("authorizer", authorizerOf(registry, route, what, isIssuer)),
  };
}

function functionOf(registry: Registry, { inputs }: Registered, what: string): Registered {
  refuseOthers(`the integration of ${what}`, inputs, [
    "apiId",
    "description",
    "integrationType",
    "integrationMethod",
    "integrationUri",
    "payloadFormatVersion",
    "timeoutMilliseconds",
  ]);
  const {
    integrationType,
    integrationMethod = "POST",
    integrationUri,
    payloadFormatVersion,
    timeoutMilliseconds = 30_000,
  } = inputs;
  if (integrationType !== "AWS_PROXY") throw notImitated(what, `an integration of type ${integrationType}`);
  if (payloadFormatVersion !== "2.0") throw notImitated(what, `payload format ${payloadFormatVersion ?? "1.0"}`);
  if (integrationMethod !== "POST") throw new Error(`Cannot deploy ${what}: a function is invoked by POST alone`);
  if (Number(timeoutMilliseconds) < 50 || Number(timeoutMilliseconds) > 30_000)
    throw new Error(`Cannot deploy ${what}: Timeout should be between 50 ms and 30000 ms`);
  // Either the function's ARN, or what its `invokeArn` makes of it.
  const arn = /functions\/(arn:.+)\/invocations$/.exec(String(integrationUri))?.[1] ?? String(integrationUri);
  const lambda = registry.ofType("aws:lambda/function:Function").find(({ outputs }) => outputs.arn === arn);
  if (isFunction(arn) && lambda !== undefined) return lambda;
  throw new Error(`Cannot deploy ${what}: there is no function "${arn}"`);
}

/** The function's own policy, which Lambda makes of its permissions, asked for the gateway. */
function refusalOf(registry: Registry, lambda: Registered): RouteConfig["refusal"] {
  const resource = text(lambda, "arn");
  const resourcePolicy: PolicyDocument = {
    Statement: registry
      .ofType("aws:lambda/permission:Permission")
      .filter(({ inputs }) => inputs.function === lambda.outputs.name || inputs.function === resource)
      .map(({ inputs: { action, principal, sourceArn, sourceAccount } }) => ({
        Effect: "Allow",
        Principal: { Service: String(principal) },
        Action: String(action),
        Resource: resource,
        Condition: {
          ...(sourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": String(sourceArn) } }),
          ...(sourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": String(sourceAccount) } }),
        },
      })),
  };
  return (sourceArn) =>
    serviceRefusal(apiService, {
      action: "lambda:InvokeFunction",
      resource,
      resourcePolicy,
      context: { "aws:SourceArn": sourceArn, "aws:SourceAccount": accountId },
    });
}

/** A route with no authorizer is open to everybody, as on AWS. */
function authorizerOf(
  registry: Registry,
  { inputs }: Registered,
  what: string,
  isIssuer: (issuer: string) => boolean,
): Authorizer | undefined {
  const { authorizationType = "NONE", authorizerId, authorizationScopes = [] } = inputs;
  if (authorizationType === "NONE") return undefined;
  if (authorizationType !== "JWT") throw notImitated(what, `authorization by ${authorizationType}`);
  const authorizer = registry
    .ofType("aws:apigatewayv2/authorizer:Authorizer")
    .find(({ outputs }) => outputs.id === authorizerId);
  if (authorizer === undefined) throw new Error(`Cannot deploy ${what}: Invalid authorizer ID specified`);
  const { authorizerType, identitySources, jwtConfiguration } = authorizer.inputs;
  refuseOthers(`the authorizer "${authorizer.name}"`, authorizer.inputs, [
    "apiId",
    "name",
    "authorizerType",
    "identitySources",
    "jwtConfiguration",
  ]);
  const sources = [identitySources].flat();
  if (authorizerType !== "JWT") throw notImitated(what, `an authorizer of type ${authorizerType}`);
  if (sources.length !== 1 || sources[0] !== "$request.header.Authorization")
    throw notImitated(what, `the identity source ${sources.join(", ")}`);
  const { issuer = "", audiences = [] } = jwtConfiguration as { issuer?: string; audiences?: string[] };
  if (!isIssuer(issuer)) {
    throw new Error(
      `Cannot deploy the authorizer "${authorizer.name}": Invalid issuer: ${issuer}. Issuer must have a valid discovery endpoint`,
    );
  }
  return { issuer, audiences, scopes: authorizationScopes as string[] };
}

const notImitated = (what: string, refused: string) => new Error(`Cannot deploy ${what}: ${refused} is not imitated`);

const given = <Name extends string, Value>(name: Name, value: Value | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [name in Name]?: Value };
