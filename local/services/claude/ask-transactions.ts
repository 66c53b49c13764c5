// ask-transactions: the use of POST /api/queries - of a question about sales, one SELECT.
//
// The day and the relations stand in the system prompt, the question in the first turn; see
// functions/transactions/ask-transactions/prompt.ts. What it understands says ask-transactions/family.ts.

import { apiError } from "./api-error";
import { family } from "./ask-transactions/family";
import { notUnderstood } from "./ask-transactions/not-understood";
import { readQuestion } from "./ask-transactions/read-question";
import { type Columns, statementOf } from "./ask-transactions/statement";
import type { ModelRequest } from "./request";
import type { Use } from "./use";

export const askTransactions = {
  name: "ask-transactions",
  fits: (fields) => ["sql", "explanation", "cannot"].every((field) => fields.includes(field)),
  images: 0,
  answer(request) {
    try {
      // It would say the same again.
      if (request.messages.length > 1) throw notUnderstood("I have no other statement for it");
      return { ...statementOf(readQuestion(questionOf(request), todayOf(request)), columnsOf(request)), cannot: null };
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "NotUnderstood") throw error;
      return { sql: null, explanation: "", cannot: `${error.message}. ${family}` };
    }
  },
} satisfies Use;

function questionOf({ messages }: ModelRequest): string {
  const [, question] = /^<question>(.*)<\/question>$/s.exec(messages[0]?.text.trim() ?? "") ?? [];
  if (question === undefined) throw apiError(400, "invalid_request_error", "messages.0: holds no <question> in JSON");
  return String(JSON.parse(question));
}

function todayOf({ system }: ModelRequest): string {
  const [, day] = /^Today is (\d{4}-\d\d-\d\d)\./m.exec(system) ?? [];
  if (day === undefined) throw apiError(400, "invalid_request_error", 'system: does not say "Today is YYYY-MM-DD."');
  return day;
}

/** Of each relation that the prompt tells of. */
function columnsOf({ system }: ModelRequest): Columns {
  const [, told = ""] = /<relations>\n(.*)\n<\/relations>/s.exec(system) ?? [];
  const relations = told.split(/^(?=\w)/m).map((text) => {
    const [head = "", ...lines] = text.split("\n");
    return [head.split(":")[0] ?? "", lines.map((line) => line.trim().split(" ")[0] ?? "")] as const;
  });
  return Object.fromEntries(relations);
}
