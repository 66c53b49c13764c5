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

/** Of a reason, in characters. */
const longestReason = 2_000;

/** Throws what the model says where it has made no statement. */
export function attemptOf({ answer, text, model }: Exchange): Attempt {
  if (!("sql" in answer)) throw problem("NotAnswered", `Cannot answer the question: ${shortened(answer.cannot)}`);
  const { sql, explanation } = answer;
  const provider = model === "offline" ? "offline" : "anthropic";
  return { sql, explanation, turn: { role: "assistant", content: text }, provider, model };
}

/** Cut behind a word, where there is one to cut behind. */
function shortened(reason: string): string {
  const characters = [...reason];
  if (characters.length <= longestReason) return reason;
  const cut = characters.slice(0, longestReason).join("");
  return `${cut.replace(/(?<=\S)\s+\S*$/, "")} ...`;
}
