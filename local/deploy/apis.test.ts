// A registered HTTP API with its user pool on the embedded AWS: who has signed in reaches a function, and nobody else does.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import type { Evaluation, Registered } from "../../stage/evaluation/evaluate";
import { type Cloud, startCloud } from "../cloud";
import { signIn } from "../start/seller-account";
import { temporaryDirectory } from "../temporary-directory";

const region = "eu-central-1";
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:123456789012:${resource}`;
const poolId = `${region}_Sellers01`;
const executionArn = arn("execute-api", "api1");

type Changes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An API with one route, to a function that says who asked; `changes` are inputs by the name of a resource. */
function program(changes: Changes = {}, without: readonly string[] = []): Evaluation {
  const made = (type: string, name: string, inputs: object, outputs: object = {}): Registered => {
    const own = { ...inputs, ...changes[name] };
    return { type: `aws:${type}`, name, inputs: own, outputs: { ...own, ...outputs }, secrets: [] };
  };
  const code = new pulumi.asset.AssetArchive({
    "__index.js": new pulumi.asset.StringAsset(
      "exports.handler = async ({ requestContext: { authorizer } }) => authorizer?.jwt.claims['cognito:groups'] ?? 'nobody';",
    ),
  });
  const resources = [
    made("cloudwatch/logGroup:LogGroup", "log", { name: "/test/api" }, { arn: arn("logs", "log-group:/test/api") }),
    made("iam/role:Role", "role", { name: "role" }, { arn: "arn:aws:iam::123456789012:role/role" }),
    made(
      "lambda/function:Function",
      "who",
      {
        name: "who-1234567",
        code,
        handler: "__index.handler",
        runtime: "nodejs24.x",
        memorySize: 256,
        timeout: 20,
        role: "arn:aws:iam::123456789012:role/role",
      },
      { arn: arn("lambda", "function:who-1234567") },
    ),
    made("lambda/permission:Permission", "permission", {
      function: "who-1234567",
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${executionArn}/*/GET/who/*`,
    }),
    made(
      "cognito/userPool:UserPool",
      "users",
      { name: "users", passwordPolicy: { minimumLength: 12 } },
      {
        id: poolId,
        arn: arn("cognito-idp", `userpool/${poolId}`),
      },
    ),
    made(
      "cognito/userPoolClient:UserPoolClient",
      "client",
      {
        userPoolId: poolId,
        explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
        accessTokenValidity: 5,
        tokenValidityUnits: { accessToken: "minutes" },
      },
      { id: "client1" },
    ),
    made("cognito/userGroup:UserGroup", "group", { userPoolId: poolId, name: "seller:acme" }),
    made("apigatewayv2/api:Api", "api", { name: "api", protocolType: "HTTP" }, { id: "api1", executionArn }),
    made(
      "apigatewayv2/authorizer:Authorizer",
      "authorizer",
      {
        apiId: "api1",
        authorizerType: "JWT",
        identitySources: ["$request.header.Authorization"],
        jwtConfiguration: {
          issuer: `https://cognito-idp.${region}.amazonaws.com/${poolId}`,
          audiences: ["client1"],
        },
      },
      { id: "authorizer1" },
    ),
    made(
      "apigatewayv2/integration:Integration",
      "integration",
      {
        apiId: "api1",
        integrationType: "AWS_PROXY",
        integrationUri: arn("lambda", "function:who-1234567"),
        payloadFormatVersion: "2.0",
      },
      { id: "integration1" },
    ),
    made("apigatewayv2/route:Route", "route", {
      apiId: "api1",
      routeKey: "GET /who/{name}",
      target: "integrations/integration1",
      authorizationType: "JWT",
      authorizerId: "authorizer1",
      authorizationScopes: ["aws.cognito.signin.user.admin"],
    }),
    made("apigatewayv2/stage:Stage", "stage", {
      apiId: "api1",
      name: "$default",
      autoDeploy: true,
      defaultRouteSettings: { throttlingRateLimit: 100, throttlingBurstLimit: 50 },
      accessLogSettings: {
        destinationArn: arn("logs", "log-group:/test/api"),
        format: "$context.routeKey $context.status",
      },
    }),
  ];
  return { resources: resources.filter(({ name }) => !without.includes(name)), outputs: {}, region };
}

test("who has signed in reaches the function with their groups, and the access log tells of everybody", async (t) => {
  const cloud = await started(t, program());
  const ask = asker(cloud);
  const token = await tokenOf(cloud, "acme", "berg");
  assert.deepEqual(await ask(token), [200, "[seller:acme seller:berg]"]);
  assert.deepEqual(await ask(await tokenOf(cloud, "berg")), [200, "[seller:berg]"]);
  assert.deepEqual(await ask(`${token}x`), [401, '{"message":"Unauthorized"}']);
  assert.deepEqual(await ask(), [401, '{"message":"Unauthorized"}']);
  const logged = cloud.logs.tail("/test/api", 10).map((line) => line.split(" ").slice(2).join(" "));
  assert.deepEqual(logged, [
    "GET /who/{name} 200",
    "GET /who/{name} 200",
    "GET /who/{name} 401",
    "GET /who/{name} 401",
  ]);
  await cloud.idle();
});

test("a token is good after a restart, and so is its user", async (t) => {
  const directory = temporaryDirectory();
  const first = await started(t, program(), directory);
  const token = await tokenOf(first, "acme");
  await first.end();
  const second = await started(t, program(), directory);
  assert.deepEqual(await asker(second)(token), [200, "[seller:acme]"]);
});

test("a function is invoked only where its permission says so", async (t) => {
  const cases: [string, Changes, readonly string[], number][] = [
    ["all of the API", { permission: { sourceArn: `${executionArn}/*/*` } }, [], 200],
    ["another API", { permission: { sourceArn: `${arn("execute-api", "api2")}/*/*` } }, [], 500],
    ["another route", { permission: { sourceArn: `${executionArn}/*/GET/orders` } }, [], 500],
    ["another method", { permission: { sourceArn: `${executionArn}/*/POST/who/*` } }, [], 500],
    ["another service", { permission: { principal: "s3.amazonaws.com" } }, [], 500],
    ["another function", { permission: { function: "other" } }, [], 500],
    ["another account", { permission: { sourceAccount: "210987654321" } }, [], 500],
    ["nothing", {}, ["permission"], 500],
  ];
  for (const [what, changes, without, status] of cases) {
    const cloud = await started(t, program(changes, without));
    const [answered] = await asker(cloud)(await tokenOf(cloud, "acme"));
    assert.equal(answered, status, what);
    await cloud.end();
  }
});

test("a route without an authorizer is open to everybody, as on AWS", async (t) => {
  const cloud = await started(t, program({ route: { authorizationType: "NONE", authorizerId: undefined } }));
  assert.deepEqual(await asker(cloud)(), [200, "nobody"]);
});

test("what is not imitated, or does not fit together, stops the start by name", async (t) => {
  const cases: [Changes, readonly string[], RegExp][] = [
    [{ api: { protocolType: "WEBSOCKET" } }, [], /"api": the protocol WEBSOCKET is not imitated/],
    [{ api: { disableExecuteApiEndpoint: true } }, [], /"api": disableExecuteApiEndpoint is not imitated/],
    [{ stage: { name: "v1" } }, [], /"api": another stage than \$default is not imitated/],
    [{ stage: { autoDeploy: false } }, [], /"api": a stage without autoDeploy is not imitated/],
    [{ stage: { stageVariables: { a: "1" } } }, [], /stageVariables is not imitated/],
    [{ stage: { defaultRouteSettings: { loggingLevel: "INFO" } } }, [], /loggingLevel is not imitated/],
    [{ stage: { accessLogSettings: { destinationArn: "arn", format: "" } } }, [], /there is no log group "arn"/],
    [{}, ["stage"], /"api": it has no stage/],
    [{ integration: { integrationType: "HTTP_PROXY" } }, [], /an integration of type HTTP_PROXY is not imitated/],
    [{ integration: { payloadFormatVersion: "1.0" } }, [], /payload format 1.0 is not imitated/],
    [{ integration: { timeoutMilliseconds: 30_001 } }, [], /between 50 ms and 30000 ms/],
    [{ integration: { integrationUri: arn("lambda", "function:other") } }, [], /there is no function "arn/],
    [{}, ["integration"], /"GET \/who\/\{name\}": there is no "integrations\/integration1"/],
    [{ route: { authorizationType: "AWS_IAM" } }, [], /authorization by AWS_IAM is not imitated/],
    [{ route: { apiKeyRequired: true } }, [], /apiKeyRequired is not imitated/],
    [{ route: { routeKey: "who" } }, [], /"who" is no route key/],
    [{}, ["authorizer"], /Invalid authorizer ID specified/],
    [{ authorizer: { authorizerType: "REQUEST" } }, [], /an authorizer of type REQUEST is not imitated/],
    [
      { authorizer: { identitySources: ["$request.querystring.token"] } },
      [],
      /the identity source \$request.querystring.token is not imitated/,
    ],
    [{}, ["users", "client", "group"], /Invalid issuer: .* must have a valid discovery endpoint/],
    [{ users: { lambdaConfig: {} } }, [], /the user pool "users": lambdaConfig is not imitated/],
    [{ users: { mfaConfiguration: "ON" } }, [], /the user pool "users": a second factor is not imitated/],
    [{ users: { usernameAttributes: ["phone_number"] } }, [], /"phone_number" as the name of a user is not imitated/],
    [{ client: { generateSecret: true } }, [], /the client "client" of a user pool: a client with a secret is not/],
    [{ client: { allowedOauthFlowsUserPoolClient: true } }, [], /OAuth is not imitated/],
    [{ client: { supportedIdentityProviders: ["Google"] } }, [], /the identity provider Google is not imitated/],
    [{ client: { refreshTokenRotation: {} } }, [], /refreshTokenRotation is not imitated/],
    [{ group: { roleArn: "arn" } }, [], /the group "group": roleArn is not imitated/],
  ];
  for (const [changes, without, words] of cases)
    await assert.rejects(started(t, program(changes, without)), words, String(words));
  const { resources, ...rest } = program();
  const second = resources.filter(({ name }) => name === "api").map((api) => ({ ...api, name: "second" }));
  await assert.rejects(started(t, { ...rest, resources: [...resources, ...second] }), /"second": a second API is not/);
});

function asker({ api }: Cloud) {
  return async (token?: string): Promise<[number, string]> => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${api?.url}/who/me`, { headers });
    return [answer.status, await answer.text()];
  };
}

const tokenOf = (cloud: Cloud, ...sellers: readonly string[]): Promise<string> =>
  signIn(cloud, { userPool: poolId, client: "client1" }, { sellers, username: `${sellers.join(".")}@example.com` });

/** Ends with the test `t`, at the latest. */
async function started(t: TestContext, evaluation: Evaluation, directory = temporaryDirectory()): Promise<Cloud> {
  const cloud = await startCloud(evaluation, { directory });
  t.after(cloud.end);
  return cloud;
}
