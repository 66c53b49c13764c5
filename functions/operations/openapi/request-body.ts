// request-body: the body of a request, as OpenAPI describes it.

import type { BytesBody, Content, JsonBody } from "../../../schemas/endpoint";
import { jsonSchema } from "../../../schemas/json-schema";

export const requestBody = (body: JsonBody | BytesBody) =>
  "schema" in body
    ? { required: true, content: { "application/json": { schema: jsonSchema(body.schema, "input") } } }
    : {
        required: !body.optional,
        description: `At most ${body.maxBytes.toLocaleString("en")} bytes.`,
        content: Object.fromEntries(body.mediaTypes.map((type) => [type, sized(contentOf(body, type), body.maxBytes)])),
      };

/** What nothing is said of is bytes; `format` is for readers of OpenAPI 3.0 (3.1.1, "Working with Binary Data"). */
const contentOf = ({ contents = {} }: BytesBody, type: string): Content =>
  contents[type] ?? { schema: { type: "string", format: "binary", contentMediaType: type } };

/** A text has no more characters than bytes, and the size of what is binary is its bytes. */
const sized = ({ schema, ...example }: Content, maxBytes: number): Content => ({
  schema: schema.type === "string" ? { ...schema, maxLength: maxBytes } : schema,
  ...example,
});
