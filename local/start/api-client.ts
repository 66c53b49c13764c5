// api-client: the HTTP API as one seller's program asks it.

import { type GenericSchema, type InferOutput, parse } from "valibot";
import type { Endpoint } from "../../schemas/endpoint";

export interface ApiClient {
  readonly url: string;
  readonly token: string;
  /** The answer, as the endpoint says it is; throws where it is a problem. `path` stands in the place of the route's own. */
  ask<It extends Endpoint>(endpoint: It, asked?: Question): Promise<InferOutput<It["answer"]["schema"]>>;
}

interface Question {
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | object;
  readonly contentType?: string;
}

export const apiClient = (url: string, token: string): ApiClient => ({
  url,
  token,
  async ask({ route, answer }, { path, query = {}, body, contentType = "application/json" } = {}) {
    const [method = "GET", ownPath = ""] = route.split(" ");
    const search = new URLSearchParams(query).toString();
    const response = await fetch(`${url}${path ?? ownPath}${search && `?${search}`}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": contentType }) },
      ...(body === undefined ? {} : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === answer.status) return parse(answer.schema as GenericSchema, JSON.parse(text)) as never;
    throw new Error(`Cannot ask ${method} ${path ?? ownPath}: ${response.status} ${text}`);
  },
});
