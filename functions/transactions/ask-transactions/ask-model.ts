// ask-model: one exchange with the model over Anthropic's Messages API, and what is answered where there is none.

// By its parts: as a whole the client brings everything that can be asked of the API, 300 kB.
import { BaseAnthropic } from "@anthropic-ai/sdk/client";
import { APIConnectionError, APIError, APIUserAbortError } from "@anthropic-ai/sdk/error";
import { type Message, type MessageParam, Messages } from "@anthropic-ai/sdk/resources/messages";
import { problem } from "../../../stage/answer";
import { isKey } from "../../model-key";
import { answerForm, type ModelAnswer, readModelAnswer } from "./model-answer";

export interface Model {
  readonly url: string;
  readonly name: string;
  readonly key: string | undefined;
  /** Where the key lies. */
  readonly keyParameter: string;
  /** Of one request, in milliseconds. */
  readonly timeout: number;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
}

export interface Exchange {
  readonly answer: ModelAnswer;
  readonly text: string;
  /** As the API calls the model that has answered. */
  readonly model: string;
}

/** What it thinks before it answers counts as well. */
const mostTokens = 4_096;

/** In seconds, where the API does not say. */
const waitFor = 10;

export async function askModel(model: Model, system: string, messages: readonly MessageParam[]): Promise<Exchange> {
  const { url: baseURL, name, key: apiKey, keyParameter, timeout, signal } = model;
  if (!isKey(apiKey)) {
    throw problem("NoModelKey", `Cannot ask the model: SSM parameter "${keyParameter}" holds no key yet`);
  }
  const anthropic = new BaseAnthropic({
    apiKey,
    baseURL,
    timeout,
    maxRetries: 1,
    logLevel: "off",
    openTelemetry: false,
  });
  const ask = () =>
    new Messages(anthropic).create(
      {
        model: name,
        max_tokens: mostTokens,
        system,
        messages: [...messages],
        // A seller waits: little thought is enough for one statement, and what is wrong with it comes back.
        output_config: { effort: "low", format: { type: "json_schema", schema: { ...answerForm } } },
      },
      { signal },
    );
  try {
    return exchangeOf(await ask()) ?? exchangeOf(await ask()) ?? unreadable();
  } catch (error) {
    throw told(error, model);
  }
}

/** Nothing where it is in no form. */
function exchangeOf({ content, model, stop_reason }: Message): Exchange | undefined {
  if (stop_reason === "refusal") throw problem("NotAnswered", "Cannot answer: the model declines the question");
  const text = content.map((block) => (block.type === "text" ? block.text : "")).join("");
  const answer = readModelAnswer(text);
  return answer && { answer, text, model };
}

const unreadable = (): never => {
  throw problem(
    "NotAnswered",
    "Cannot answer: the model has twice answered in no form that can be read. Ask again, in other words",
  );
};

/** What of an error whoever asks can do something about. */
function told(cause: unknown, { keyParameter, signal }: Model): unknown {
  const unavailable = (what: string, retryAfter = waitFor) =>
    problem("Unavailable", `Cannot ask the model: ${what}. Try again in ${retryAfter} s`, { retryAfter, cause });
  if (signal.aborted || cause instanceof APIUserAbortError) return unavailable("it took too long");
  if (cause instanceof APIConnectionError) return unavailable("it did not answer in time, or cannot be reached");
  if (!(cause instanceof APIError)) return cause;
  const { status = 0, headers } = cause;
  if (status === 401 || status === 403) {
    const detail = `Cannot ask the model: the key in SSM parameter "${keyParameter}" is refused, with status ${status}`;
    return problem("NoModelKey", detail, { cause });
  }
  if (status !== 429 && status < 500) return cause;
  const asked = Number(headers?.get("retry-after"));
  return unavailable(`it answered with status ${status}`, asked >= 1 ? Math.min(Math.ceil(asked), 300) : waitFor);
}
