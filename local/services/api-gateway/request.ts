// request: a request as it came, read up to the limits of API Gateway.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html

import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { refused } from "./answer";

/** What is known of it before its body is read. */
export interface Head {
  readonly method: string;
  /** As it was sent, percent-encoded, without the query. */
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values by turns, as they came. */
  readonly rawHeaders: readonly string[];
  /** `HTTP/1.1` */
  readonly protocol: string;
  readonly sourceIp: string;
}

const largestBody = 10 * 1_024 * 1_024;
const largestHead = 10_240;

export function headOf({ method = "", url = "", headers, rawHeaders, httpVersion, socket }: IncomingMessage): Head {
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  const sourceIp = socket.remoteAddress ?? "";
  return { method, path, query, headers, rawHeaders, protocol: `HTTP/${httpVersion}`, sourceIp };
}

/** The request line and the values of the headers together may be so long. */
export function checkHead({ method, path, query, protocol, rawHeaders }: Head): void {
  const line = `${method} ${path}?${query} ${protocol}`.length;
  const values = rawHeaders.filter((_, index) => index % 2 === 1);
  if (values.reduce((sum, value) => sum + Buffer.byteLength(value, "latin1"), line) > largestHead)
    throw refused(431, `The request line and the headers have more than ${largestHead} bytes`);
}

/** Refuses a body that is too large before all of it is in memory. */
export function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const tooLarge = () => refused(413, `The body has more than ${largestBody} bytes`);
  const chunks: Buffer[] = [];
  let size = 0;
  // Not `for await`, which would close the connection with the answer still to be sent on it.
  return new Promise((resolve, reject) => {
    if (Number(message.headers["content-length"] ?? 0) > largestBody) reject(tooLarge());
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestBody) chunks.push(chunk);
      else reject(tooLarge());
    });
    message.on("end", () => resolve(Buffer.concat(chunks)));
    message.on("error", reject);
  });
}
