// The shape of the API: who gets in, what stands before the routes, and which stages may not serve one.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { object, string } from "valibot";
import { type Endpoint, endpoint } from "../schemas/endpoint";
import { type Stage, stage } from "../stage/stage";
import { route } from "../stage/triggers";
import { api } from "./api";
import { operations } from "./operations";
import { declared } from "./rules/declared";
import type { Resource } from "./rules/rule";
import { readSettings } from "./settings";

const showThing = endpoint({
  route: "GET /api/shops/{shop}/things/{id}",
  summary: "Show a thing",
  pipeline: "things",
  path: object({ shop: string(), id: string() }),
  answer: { status: 200, description: "It", schema: object({}) },
  problems: {},
});

const factory = () => async () => ({ statusCode: 200 });

let dev: Resource[];
let prod: Resource[];
/** What was said of stages that may not serve a route. */
const refused: Record<string, string> = {};

before(async () => {
  dev = await declared("dev", {}, async () => {
    const settings = readSettings();
    const platform = operations(settings);
    const { http } = api(platform, settings);
    const serving = (name: string, timeout: number, it: Endpoint): Stage =>
      stage(platform, name, factory, { on: [route(http, it)], may: [], memory: 256, timeout });
    serving("show-thing", 29, showThing);
    const bytes = { mediaTypes: ["text/csv"], maxBytes: 4_500_001 };
    for (const [name, timeout, it] of [
      ["show-thing-again", 29, showThing],
      ["too-slow", 30, { ...showThing, route: "GET /api/slow/{shop}/{id}" }],
      ["too-large", 10, { ...showThing, route: "POST /api/large/{shop}/{id}", body: bytes }],
    ] as const) {
      try {
        serving(name, timeout, it);
      } catch (error) {
        refused[name] = (error as Error).message;
      }
    }
    return {};
  });
  const origins = { "tributary:apiOrigins": "https://shop.example, https://backoffice.shop.example" };
  prod = await declared("prod", origins, async () => {
    const settings = readSettings();
    api(operations(settings), settings);
    return {};
  });
});

function registered(type: string, name: string, resources = dev): Resource {
  const found = resources.find((it) => it.type.endsWith(`:${type}`) && it.name === name);
  assert.ok(found, `there is a ${type} "${name}"`);
  return found;
}

test("a route is its method and path, behind the authorizer, and leads to the function of its stage", () => {
  const integration = registered("Integration", "show-thing");
  assert.deepEqual(registered("Route", "show-thing").inputs, {
    apiId: registered("Api", "http-api").outputs.id,
    routeKey: "GET /api/shops/{shop}/things/{id}",
    target: `integrations/${integration.outputs.id}`,
    authorizationType: "JWT",
    authorizerId: registered("Authorizer", "http-api").outputs.id,
    authorizationScopes: ["aws.cognito.signin.user.admin"],
  });
  assert.equal(integration.inputs.integrationUri, registered("Function", "show-thing").outputs.arn);
  assert.equal(integration.inputs.payloadFormatVersion, "2.0");
  assert.equal(integration.inputs.timeoutMilliseconds, 30_000);
});

test("the API may invoke a function for its own route, whatever stands in its braces", () => {
  const { inputs } = registered("Permission", "show-thing-from-http-api");
  const { executionArn } = registered("Api", "http-api").outputs;
  assert.equal(inputs.sourceArn, `${executionArn}/*/GET/api/shops/*/things/*`);
  assert.equal(inputs.function, registered("Function", "show-thing").outputs.name);
  const waited = [registered("Route", "show-thing").options.dependsOn ?? []].flat() as { __name?: string }[];
  assert.deepEqual(
    waited.map(({ __name }) => __name),
    ["show-thing-from-http-api"],
  );
});

test("a route that is served already, a slow stage and a large body are refused by name, with the remedy", () => {
  assert.deepEqual(refused, {
    "show-thing-again":
      'Cannot serve "GET /api/shops/{shop}/things/{id}" by "show-thing-again": "show-thing" serves it. ' +
      "Give one of them another route.",
    "too-slow":
      'Cannot serve "GET /api/slow/{shop}/{id}" by "too-slow": its timeout is 30 s, and API Gateway waits for 30 s. ' +
      "Set it to 29 at most.",
    "too-large":
      'Cannot serve "POST /api/large/{shop}/{id}" by "too-large": its body may have 4500001 bytes, and 4500000 reach a ' +
      "function. Lower maxBytes.",
  });
});

test("tokens are those of the user pool, for its client", () => {
  const { inputs } = registered("Authorizer", "http-api");
  const pool = registered("UserPool", "users");
  assert.deepEqual(inputs.jwtConfiguration, {
    issuer: `https://cognito-idp.eu-central-1.amazonaws.com/${pool.outputs.id}`,
    audiences: [registered("UserPoolClient", "api").outputs.id],
  });
  assert.deepEqual(inputs.identitySources, ["$request.header.Authorization"]);
});

test("the API has one stage, which is no part of a path, throttled as the settings say", () => {
  for (const [resources, rate, burst] of [
    [dev, 50, 100],
    [prod, 200, 400],
  ] as const) {
    const { inputs } = registered("Stage", "http-api", resources);
    assert.deepEqual([inputs.name, inputs.autoDeploy], ["$default", true]);
    assert.deepEqual(inputs.defaultRouteSettings, { throttlingRateLimit: rate, throttlingBurstLimit: burst });
  }
});

test("the access log says who asked what, keeps no token, and is encrypted in prod", () => {
  const { format } = registered("Stage", "http-api").inputs.accessLogSettings as { format: string };
  const { route: asked, user, status } = JSON.parse(format);
  assert.deepEqual([asked, user, status], ["$context.routeKey", "$context.authorizer.claims.sub", "$context.status"]);
  assert.ok(!/authorization|userAgent|\$context\.path/i.test(format));
  const group = registered("LogGroup", "http-api-access", prod);
  assert.equal(group.inputs.name, "/tributary/prod/http-api-access");
  assert.equal(group.inputs.kmsKeyId, registered("Key", "stack", prod).outputs.arn);
});

test("no page may ask the API unless the settings name it", () => {
  assert.equal(registered("Api", "http-api").inputs.corsConfiguration, undefined);
  const { allowOrigins, allowCredentials, allowHeaders } = registered("Api", "http-api", prod).inputs
    .corsConfiguration as Record<string, unknown>;
  assert.deepEqual(allowOrigins, ["https://shop.example", "https://backoffice.shop.example"]);
  assert.deepEqual(
    [allowCredentials, allowHeaders],
    [undefined, ["authorization", "content-encoding", "content-type", "idempotency-key"]],
  );
});

test("users are protected in prod, and looked at by Cognito's threat protection", () => {
  const of = (resources: readonly Resource[]) => {
    const { inputs, options } = registered("UserPool", "users", [...resources]);
    return [inputs.deletionProtection, inputs.userPoolTier, inputs.userPoolAddOns, options.protect];
  };
  assert.deepEqual(of(dev), ["INACTIVE", "ESSENTIALS", { advancedSecurityMode: "OFF" }, false]);
  assert.deepEqual(of(prod), ["ACTIVE", "PLUS", { advancedSecurityMode: "ENFORCED" }, true]);
});
