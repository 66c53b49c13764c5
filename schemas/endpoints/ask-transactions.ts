// POST /api/queries: a question about transactions in words, answered with rows.

import {
  description,
  examples,
  maxLength,
  minLength,
  object,
  picklist,
  pipe,
  strictObject,
  string,
  trim,
} from "valibot";
import { endpoint } from "../endpoint";
import { AnySeller } from "../parameters";
import { QueryRows } from "../query-result";

export const askTransactions = endpoint({
  route: "POST /api/queries",
  summary: "Ask a question about transactions in words",
  description:
    "A language model makes one SELECT of the question. It is checked before it runs, reads the rows of the token's sellers alone, and takes " +
    "5 seconds and 1,000 rows at most. Read the SQL before you rely on the rows: it is what was answered.",
  pipeline: "transactions",
  body: {
    schema: strictObject({
      question: pipe(
        string("must be a text"),
        trim(),
        minLength(1, "must not be empty"),
        maxLength(500, "must have 500 characters at most"),
        description("In words, such as somebody would ask a colleague"),
        examples(["top 5 products by revenue"]),
      ),
      seller: AnySeller,
    }),
  },
  answer: {
    status: 200,
    description: "Rows, and the SQL that they are the answer to",
    schema: object({
      question: string(),
      sql: pipe(string(), description("The SELECT whose rows these are")),
      explanation: pipe(string(), description("How the model has understood the question")),
      ...QueryRows.entries,
      model: object({
        provider: pipe(
          picklist(["anthropic", "offline"]),
          description("`offline`: the one of a cloud on a laptop, which understands a family of questions"),
        ),
        name: string(),
      }),
    }),
  },
  problems: {
    NotAnswered: {
      status: 422,
      when: "the model can make no SELECT of the question that may run; `detail` says why, and other words may help",
    },
    NoModelKey: { status: 503, when: "the operator has not yet said with which key the model is asked" },
  },
});
