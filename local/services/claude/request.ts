// request: a request to the Messages API, read as strictly as the API reads it. What is not imitated is refused by its name.
// https://platform.claude.com/docs/en/api/messages/create

import {
  array,
  type InferOutput,
  integer,
  literal,
  looseObject,
  minLength,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  strictObject,
  string,
  union,
  unknown,
} from "valibot";
import { apiError } from "./api-error";
import { checked } from "./checked";
import { type Content, contentOf } from "./content";
import { checkForm } from "./form";

const Text = union([
  string(),
  array(strictObject({ type: literal("text"), text: string(), cache_control: optional(unknown()) })),
]);

/** https://platform.claude.com/docs/en/build-with-claude/structured-outputs */
const Form = looseObject({
  type: literal("object"),
  properties: record(string(), unknown()),
  required: optional(array(string()), []),
  additionalProperties: literal(false),
});

const Body = strictObject({
  model: pipe(string(), minLength(1)),
  max_tokens: pipe(number(), integer(), minValue(1)),
  system: optional(Text, ""),
  messages: pipe(array(strictObject({ role: picklist(["user", "assistant"]), content: unknown() })), minLength(1)),
  output_config: strictObject({
    effort: optional(picklist(["low", "medium", "high", "xhigh", "max"])),
    format: strictObject({ type: literal("json_schema"), schema: Form }),
  }),
  metadata: optional(object({ user_id: optional(string()) })),
  stream: optional(literal(false)),
});

export type Message = Content & { readonly role: "user" | "assistant" };

export interface ModelRequest {
  readonly maxTokens: number;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly form: InferOutput<typeof Form>;
}

export function readRequest(text: string): ModelRequest {
  const value = json(text);
  if (value.stream === true) throw apiError(400, "invalid_request_error", "stream: is not imitated offline");
  const output = checked(Body, value);
  const messages = output.messages.map(({ role, content }, at) => ({
    role,
    ...contentOf(content, role, `messages.${at}`),
  }));
  if (messages.at(-1)?.role !== "user") {
    throw apiError(
      400,
      "invalid_request_error",
      "messages: must end with a turn of the user, prefill is not supported",
    );
  }
  const { max_tokens: maxTokens, system, output_config } = output;
  checkForm(output_config.format.schema, "output_config.format.schema");
  return { maxTokens, system: textOf(system), messages, form: output_config.format.schema };
}

function json(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw apiError(400, "invalid_request_error", "The request body is not valid JSON");
}

const textOf = (content: InferOutput<typeof Text>): string =>
  typeof content === "string" ? content : content.map(({ text }) => text).join("");
