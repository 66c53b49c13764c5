// ask-transactions: a question in words in, the rows that answer it out.
//
//   in    http     POST /api/queries
//   out   https    api.anthropic.com   the question, and what the relations are called; no rows
//         lambda   run-query           the SELECT that the model has written, for the sellers of the token
//
// Neither the question nor what the model makes of it is trusted: run-query checks the statement, and the database shows it the
// sellers' own rows. What is wrong with a statement goes back to the model once. It stands outside of the network, from which
// nobody reaches the model, and run-query inside, where the database is.

import { getParameter } from "@aws-lambda-powertools/parameters/ssm";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type * as aws from "@pulumi/aws";
import type { Input } from "@pulumi/pulumi";
import { askTransactions as endpoint } from "../../schemas/endpoints/ask-transactions";
import { answer, problem, sellersAsked } from "../../stage/answer";
import { environment } from "../../stage/environment";
import type { HttpApi } from "../../stage/http-api";
import { invoke, parameter } from "../../stage/permissions";
import type { Platform } from "../../stage/platform";
import { type Stage, stage } from "../../stage/stage";
import { route } from "../../stage/triggers";
import { askModel } from "./ask-transactions/ask-model";
import { type Attempt, attemptOf } from "./ask-transactions/attempt";
import { invokeQuery } from "./ask-transactions/invoke-query";
import { correction, questionAsked, systemPrompt } from "./ask-transactions/prompt";

interface Ground {
  readonly platform: Platform;
  readonly api: HttpApi;
  readonly runQuery: Stage;
  /** A SecureString that its owner puts; the program makes it as `noKey` of functions/model-key.ts. */
  readonly anthropicKey: aws.ssm.Parameter;
  readonly claudeModel: Input<string>;
}

export const askTransactions = ({ platform, api, runQuery, anthropicKey, claudeModel }: Ground) =>
  stage(platform, "ask-transactions", factory, {
    on: [route(api, endpoint)],
    may: [parameter(anthropicKey), invoke(runQuery.function)],
    env: {
      ANTHROPIC_KEY_PARAMETER: anthropicKey.name,
      CLAUDE_URL: "https://api.anthropic.com",
      CLAUDE_MODEL: claudeModel,
      CLAUDE_TIMEOUT_MS: "12000",
      QUERY_FUNCTION: runQuery.function.name,
    },
    memory: 512,
    timeout: 29,
  });

/** In milliseconds since the request: until when the model is waited for, and the rows. The stage itself has 29 s. */
const modelUntil = 20_000;
const rowsUntil = 28_000;

/** How long a key is remembered, in seconds: who puts another one does not wait for long. */
const keyRemembered = 300;

export const factory = () => {
  const { ANTHROPIC_KEY_PARAMETER, CLAUDE_URL, CLAUDE_MODEL, CLAUDE_TIMEOUT_MS, QUERY_FUNCTION } = environment(
    "ANTHROPIC_KEY_PARAMETER",
    "CLAUDE_URL",
    "CLAUDE_MODEL",
    "CLAUDE_TIMEOUT_MS",
    "QUERY_FUNCTION",
  );
  const lambda = new LambdaClient({});

  return answer(endpoint, async ({ sellers, body: { question, seller } }) => {
    const asked = sellersAsked(sellers, seller);
    const forModel = AbortSignal.timeout(modelUntil);
    const forRows = AbortSignal.timeout(rowsUntil);
    const key = await getParameter(ANTHROPIC_KEY_PARAMETER, { decrypt: true, maxAge: keyRemembered });
    const model = {
      url: CLAUDE_URL,
      name: CLAUDE_MODEL,
      key,
      keyParameter: ANTHROPIC_KEY_PARAMETER,
      timeout: Number(CLAUDE_TIMEOUT_MS),
      signal: forModel,
    };
    const conversation = [questionAsked(question)];

    const next = async (): Promise<Attempt> => attemptOf(await askModel(model, systemPrompt(new Date()), conversation));
    const run = (sql: string) => invokeQuery(lambda, QUERY_FUNCTION, { sellers: asked, sql }, forRows);

    let attempt = await next();
    let result = await run(attempt.sql);
    if ("refusal" in result) {
      conversation.push(attempt.turn, correction(result.refusal));
      attempt = await next();
      result = await run(attempt.sql);
    }
    if ("refusal" in result) {
      throw problem("NotAnswered", `${result.refusal.message}. The model's last SQL was: ${attempt.sql}`);
    }
    const { sql, explanation, provider, model: name } = attempt;
    return { question, sql, explanation, ...result, model: { provider, name } };
  });
};
