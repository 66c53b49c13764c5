// openapi: the document of the HTTP API, made at deployment and served as it is.
//
//   in    GET /openapi.json
//   out   OpenAPI 3.1, of schemas/endpoints.ts
//
// It does nothing but answer, and nothing can fail at run time. An endpoint that cannot be described stops the deployment.

import { endpoints } from "../../schemas/endpoints";
import { openapi as endpoint } from "../../schemas/endpoints/openapi";
import { answer } from "../../stage/answer";
import type { HttpApi } from "../../stage/http-api";
import type { Platform } from "../../stage/platform";
import { stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { documentOf } from "./openapi/document";

export const openapi = ({ platform, http }: { platform: Platform; http: HttpApi }) =>
  stage(platform, "openapi", factory, {
    on: [route(http, endpoint)],
    may: [],
    memory: 256,
    timeout: 10,
  });

/** A text, so that the function is given this and not what made it. */
const text = JSON.stringify(documentOf(endpoints));

export const factory = () => {
  const document = JSON.parse(text);
  return answer(endpoint, async () => document);
};
