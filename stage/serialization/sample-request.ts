// sample-request: a request to an endpoint as API Gateway hands it to a function, with what is needed and nothing else.
//
// Its shape is from the API Gateway Developer Guide, "AWS Lambda proxy integrations for HTTP APIs", payload format 2.0.

import type { APIGatewayProxyEventV2WithJWTAuthorizer } from "aws-lambda";
import type { GenericSchema } from "valibot";
import type { Endpoint } from "../../schemas/endpoint";
import { jsonSchema } from "../../schemas/json-schema";
import { groupOf } from "../../schemas/seller";
import { sampleValue } from "./sample-value";

export function sampleRequest(endpoint: Endpoint): APIGatewayProxyEventV2WithJWTAuthorizer {
  const [method = "", template = ""] = endpoint.route.split(" ");
  const path = sampleTexts(endpoint.path);
  const query = sampleTexts(endpoint.query);
  const rawPath = template.replaceAll(/\{([^}]*)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ""));
  const { body, type } = sampleBody(endpoint);
  return {
    version: "2.0",
    routeKey: endpoint.route,
    rawPath,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { host: "api.example", authorization: "Bearer e30.e30.e30", ...(type ? { "content-type": type } : {}) },
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    ...(Object.keys(path).length > 0 ? { pathParameters: path } : {}),
    requestContext: {
      accountId: "123456789012",
      apiId: "sample",
      authorizer: { jwt: { claims, scopes: [claims.scope] }, principalId: "", integrationLatency: 0 },
      domainName: "api.example",
      domainPrefix: "api",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "sample" },
      requestId: "SAMPLE=",
      routeKey: endpoint.route,
      stage: "$default",
      time: "01/Jan/2026:00:00:00 +0000",
      timeEpoch: 1_767_225_600_000,
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}

const claims = {
  sub: "11111111-1111-4111-8111-111111111111",
  "cognito:groups": `[${groupOf("acme")}]`,
  client_id: "sample",
  token_use: "access",
  scope: "aws.cognito.signin.user.admin",
  username: "11111111-1111-4111-8111-111111111111",
};

const sampleTexts = (schema: GenericSchema | undefined): Record<string, string> =>
  schema === undefined ? {} : (sampleValue(jsonSchema(schema, "input")) as Record<string, string>);

function sampleBody({ body }: Endpoint): { readonly body?: string; readonly type?: string } {
  if (body === undefined) return {};
  if (!("schema" in body)) return { body: "a", type: body.mediaTypes[0] ?? "" };
  return { body: JSON.stringify(sampleValue(jsonSchema(body.schema, "input"))), type: "application/json" };
}
