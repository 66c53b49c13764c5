// endpoint: what a route of the HTTP API takes and answers, as data. Its handler is held to it (stage/answer.ts), and the
// OpenAPI document is made of it (functions/operations/openapi.ts).

import type { GenericSchema, InferOutput } from "valibot";
import { lazyDefaults } from "./lazy-defaults";

export interface Endpoint {
  /** `GET /api/errors/{id}`, as API Gateway writes a route key. */
  readonly route: `${"GET" | "POST" | "DELETE"} /${string}`;
  /** One line, an imperative. */
  readonly summary: string;
  readonly description?: string;
  /** Whose endpoint it is: the name of a pipeline. */
  readonly pipeline: string;
  /** For whom it acts: `user`, whoever the token is of. Where nothing is said, the sellers whom that user acts for. */
  readonly for?: "user";
  /** An object of what stands in braces in the route. */
  readonly path?: GenericSchema;
  /** An object of texts, each at most once in a query string. */
  readonly query?: GenericSchema;
  /** An object of texts, by lower-case names. What else stands in a request's headers is not looked at. */
  readonly headers?: GenericSchema;
  readonly body?: JsonBody | BytesBody;
  readonly answer: {
    readonly status: 200 | 201 | 202;
    readonly description: string;
    readonly schema: GenericSchema;
  };
  /** What it may answer instead, beside what every endpoint may (schemas/problem.ts): by code. */
  readonly problems: Readonly<Record<string, ProblemKind>>;
}

/** By lower-case names. */
export type Headers = Readonly<Record<string, string | undefined>>;

export interface JsonBody {
  readonly schema: GenericSchema;
}

/** A body that is not looked into before the handler does. */
export interface BytesBody {
  readonly mediaTypes: readonly string[];
  readonly maxBytes: number;
  /** What it holds, by media type: for the document, and not asked for. */
  readonly contents?: Readonly<Record<string, Content>>;
  /** A request without a body is one, too. */
  readonly optional?: true;
}

/** As OpenAPI describes it: a JSON schema, and an example. */
export interface Content {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example?: unknown;
}

export interface ProblemKind {
  readonly status: number;
  /** When it is answered, as a clause: `the file has more than 4.5 MB`. */
  readonly when: string;
}

/** Is what it is given, with its types, and made so that a handler can capture it. */
export function endpoint<const It extends Endpoint>(it: It): It {
  lazyDefaults(it);
  return it;
}

export type QueryOf<It extends Endpoint> = It extends { readonly query: infer Schema extends GenericSchema }
  ? InferOutput<Schema>
  : undefined;
export type PathOf<It extends Endpoint> = It extends { readonly path: infer Schema extends GenericSchema }
  ? InferOutput<Schema>
  : undefined;
/** All that came, as it came, and what the endpoint says of it. */
export type HeadersOf<It extends Endpoint> = Headers &
  (It extends { readonly headers: infer Schema extends GenericSchema } ? InferOutput<Schema> : unknown);
export type BodyOf<It extends Endpoint> = It extends {
  readonly body: { readonly schema: infer Schema extends GenericSchema };
}
  ? InferOutput<Schema>
  : It extends { readonly body: BytesBody & { readonly optional: true } }
    ? Uint8Array | undefined
    : It extends { readonly body: BytesBody }
      ? Uint8Array
      : undefined;
export type AnswerOf<It extends Endpoint> = InferOutput<It["answer"]["schema"]>;
