// function-answer: what a function gave back, read as payload format 2.0 has it. What cannot be read is a fault of the
// function, for which the client gets a 500.

import { validateHeaderName, validateHeaderValue } from "node:http";
import { type Answer, refused } from "./answer";

export function functionAnswer(payload: unknown): Answer {
  if (typeof payload !== "object" || payload === null || Array.isArray(payload) || !("statusCode" in payload))
    return inferred(payload);
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = payload as Given;
  if (typeof statusCode !== "number" || !Number.isInteger(statusCode) || statusCode < 200 || statusCode > 599)
    throw malformed(`its statusCode is ${JSON.stringify(statusCode)}`);
  if (typeof body !== "string") throw malformed("its body is no text");
  if (typeof isBase64Encoded !== "boolean") throw malformed("its isBase64Encoded is no boolean");
  if (isBase64Encoded && !/^[A-Za-z\d+/]*={0,2}$/.test(body)) throw malformed("its body is no base64");
  if (!Array.isArray(cookies) || cookies.some((cookie) => typeof cookie !== "string"))
    throw malformed("its cookies are no list of texts");
  const own: Answer["headers"] = {
    "content-type": "text/plain;charset=UTF-8",
    ...headersOf(headers),
    ...(cookies.length === 0 ? {} : { "set-cookie": cookies as string[] }),
  };
  checkHeaders(own);
  return { status: statusCode, headers: own, body: Buffer.from(body, isBase64Encoded ? "base64" : "utf8") };
}

interface Given {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/** What says no status is the body itself. */
const inferred = (payload: unknown): Answer => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)),
});

/** Less those that say how it is sent, which is for the gateway to say. */
function headersOf(headers: unknown): Record<string, string> {
  if (typeof headers !== "object" || headers === null || Array.isArray(headers)) throw malformed("it has no headers");
  const given = Object.entries(headers).map(([name, value]): [string, string] => {
    if (!["string", "number", "boolean"].includes(typeof value)) throw malformed(`its header "${name}" is no text`);
    return [name.toLowerCase(), String(value)];
  });
  return Object.fromEntries(given.filter(([name]) => !ofConnection.includes(name)));
}

const ofConnection = ["connection", "keep-alive", "content-length", "transfer-encoding", "te", "trailer", "upgrade"];

function checkHeaders(headers: Answer["headers"]): void {
  for (const [name, values] of Object.entries(headers)) {
    try {
      validateHeaderName(name);
      for (const value of [values].flat()) validateHeaderValue(name, value);
    } catch {
      throw malformed(`its header "${name}" cannot be sent`);
    }
  }
}

const malformed = (what: string) => refused(500, `The answer of the function is malformed: ${what}`);
