// aws-fixture: an HTTP server that stands where AWS does for the SDK's clients, and what it was asked.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Sent {
  readonly method: string;
  /** Of the URL, as it was sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Answered {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Sets the environment for the clients that are made from now on. `answer` may be replaced between requests. */
export async function standIn(answer: (sent: Sent) => Answered) {
  const seen: Sent[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://aws");
    const sent = {
      method: request.method ?? "",
      path: pathname,
      query: searchParams,
      headers: request.headers,
      body: Buffer.concat(chunks),
    };
    seen.push(sent);
    const { status, headers = {}, body = "" } = aws.answer(sent);
    response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const aws = {
    answer,
    seen,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async end() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  Object.assign(process.env, credentials, { AWS_ENDPOINT_URL: aws.url });
  return aws;
}

export const credentials = {
  AWS_REGION: "eu-central-1",
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "example",
};

/** An error as S3 writes one. */
export const s3Error = (status: number, code: string): Answered => ({
  status,
  headers: { "content-type": "application/xml" },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
});
