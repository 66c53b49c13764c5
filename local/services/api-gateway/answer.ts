// answer: what goes back to the client, and the answers that the gateway gives in a function's place, in API Gateway's words.

export interface Answer {
  readonly status: number;
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer;
}

/** Why there is no answer of a function. */
export type Refused = Error & {
  readonly answer: Answer;
  /** For the journal and the access log; the client is told the status's own message and no more. */
  readonly reason: string;
};

export const isRefused = (error: unknown): error is Refused => error instanceof Error && "answer" in error;

export function refused(status: number, reason: string, headers: Answer["headers"] = {}): Refused {
  const message = messages[status] ?? "Internal Server Error";
  const body = Buffer.from(JSON.stringify({ message }));
  const answer = { status, headers: { "content-type": "application/json", ...headers }, body };
  return Object.assign(new Error(message), { answer, reason });
}

const messages: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  413: "Request Entity Too Large",
  429: "Too Many Requests",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  503: "Service Unavailable",
};
