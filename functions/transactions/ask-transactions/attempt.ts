// attempt: the statement that an exchange with the model has come to.

import type { MessageParam } from "@anthropic-ai/sdk/resources/messages";
import { problem } from "../../../stage/answer";
import type { Exchange } from "./ask-model";

export interface Attempt {
  readonly sql: string;
  readonly explanation: string;
  /** What the model has said, for it to be told what is wrong with it. */
  readonly turn: MessageParam;
  readonly provider: "anthropic" | "offline";
  readonly model: string;
}

/** Throws what the model says where it has made no statement. */
export function attemptOf({ answer, text, model }: Exchange): Attempt {
  if (!("sql" in answer)) throw problem("NotAnswered", `Cannot answer the question: ${answer.cannot.slice(0, 500)}`);
  const { sql, explanation } = answer;
  const provider = model === "offline" ? "offline" : "anthropic";
  return { sql, explanation, turn: { role: "assistant", content: text }, provider, model };
}
