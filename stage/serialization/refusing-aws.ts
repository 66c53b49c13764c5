// refusing-aws: an endpoint at which nothing exists. Whatever is asked for is answered with AWS's own "not found".

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** The codes that it answers with: S3's, and that of the services that speak JSON. */
export const refusals: readonly string[] = ["NoSuchKey", "ResourceNotFoundException"];

export interface RefusingAws {
  readonly endpoint: string;
  /** How many requests came since the last time it was asked. */
  readonly calls: () => number;
  readonly end: () => Promise<void>;
}

export async function refusingAws(): Promise<RefusingAws> {
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    request.resume().on("end", () => {
      const { type, body } = refusal(request);
      response.writeHead(404, { "content-type": type, "x-amzn-requestid": "refused" }).end(body);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls: () => {
      const counted = calls;
      calls = 0;
      return counted;
    },
    end: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function refusal({ headers, url = "" }: IncomingMessage): { type: string; body: string } {
  // Lambda is asked with bytes, and answers in JSON all the same.
  const type = url.startsWith("/2015-03-31/functions/") ? "application/json" : (headers["content-type"] ?? "");
  return type.includes("json")
    ? { type, body: JSON.stringify({ __type: "ResourceNotFoundException", message: "Nothing exists here." }) }
    : {
        type: "application/xml",
        body: "<Error><Code>NoSuchKey</Code><Message>Nothing exists here.</Message></Error>",
      };
}
