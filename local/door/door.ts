// door: the one HTTP address of the embedded AWS, for every service alike.
//
//   request ──> who? (signature) ──> what? (service) ──> may they? (policies) ──> it runs ──> journal
//
// One address serves all, because a signed request names its service: AWS_ENDPOINT_URL is all that a client needs.

import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Journal } from "./journal";
import { refusalOf } from "./policy";
import type { Principal } from "./principals";
import {
  type AwsError,
  awsError,
  type Caller,
  type Incoming,
  isAwsError,
  type Need,
  type Operation,
  type Outgoing,
  type Service,
} from "./service";
import { credential, verify } from "./signature";

/** A service that also takes requests signed in another way than by header or query: S3 and its browser forms. */
export type FormService = Service & {
  readonly isForm: (request: Incoming) => boolean;
  readonly verifyForm: (
    request: Incoming,
    principals: (accessKeyId: string) => Principal | undefined,
    now: number,
  ) => Promise<{ principal: Principal; request: Incoming }>;
};

export interface DoorOptions {
  readonly s3: FormService;
  /** The others, which take their requests as documents. */
  readonly services: readonly Service[];
  readonly principals: (accessKeyId: string) => Principal | undefined;
  readonly journal: Journal;
  /** A free one where it is not given. */
  readonly port?: number;
}

export interface Door {
  readonly url: string;
  end(): Promise<void>;
}

/** No operation of the imitated services but S3's takes more (SQS: 1 MiB, DynamoDB: 16 MB). */
const largestDocument = 16 * 1_024 * 1_024;

export async function openDoor({ s3, services, principals, journal, port = 0 }: DoorOptions): Promise<Door> {
  const server = createServer((message, response) => void handle(message, response));
  // S3 clients may send for minutes.
  server.requestTimeout = 600_000;
  // A frozen function keeps its connections open and uses them when it is thawed.
  server.keepAliveTimeout = 3_600_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async end() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const seen: Seen = { service: s3 };
    const outgoing = await answer(incoming(message), seen).catch((error: unknown) => {
      // A client that hung up has had its answer; anything else that is no answer of AWS's is a fault of ours.
      if (!isAwsError(error) && !message.destroyed) console.error(error);
      seen.error = isAwsError(error)
        ? error
        : awsError("InternalError", `Cannot answer: ${(error as Error).message}`, 500);
      return seen.service.refusal(seen.error, incoming(message));
    });
    journal.add({
      service: seen.service.name,
      operation: seen.operation?.name ?? message.method ?? "",
      principal: seen.principal?.name ?? "unknown",
      resource: seen.operation?.resource ?? message.url?.split("?")[0] ?? "",
      outcome: seen.error?.code ?? "ok",
      ms: Math.round(performance.now() - started),
      ...(seen.error ? { detail: { message: seen.error.message } } : {}),
    });
    await send(outgoing, message, response);
  }

  async function answer(request: Incoming, seen: Seen): Promise<Outgoing> {
    seen.service = serviceFor(request);
    const { principal, request: verified } = await authenticate(request, seen.service);
    seen.principal = principal;
    const operation = await seen.service.operation(verified);
    seen.operation = operation;
    const caller: Caller = { principal, may: (need: Need) => refusalOf(principal, need) === undefined };
    for (const need of operation.needs) {
      const refusal = refusalOf(principal, need);
      if (refusal !== undefined) throw awsError(deniedCode(seen.service), refusal, seen.service === s3 ? 403 : 400);
    }
    return operation.run(caller);
  }

  /**
   * The service that the signature is made for. What is not signed is for the one that takes such operations, or else can
   * only be for S3, which says so in its own words.
   */
  function serviceFor(request: Incoming): Service {
    const unsigned = isUnsigned(request) && services.find((each) => each.unsigned?.target === targetOf(request)[0]);
    if (unsigned) return unsigned;
    const [, header] = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "") ?? [];
    const name = credential(header ?? request.query.get("X-Amz-Credential") ?? "")?.scope.service ?? "s3";
    const service = name === "s3" ? s3 : services.find((each) => each.name === name);
    if (service === undefined) throw awsError("NotImplemented", `The embedded AWS has no service "${name}"`, 501);
    return service;
  }

  // By the system's time, whatever clock the services keep: the clients sign with it.
  async function authenticate(request: Incoming, service: Service) {
    if (service !== s3) {
      const body = await document(request);
      const hash = createHash("sha256").update(body).digest("hex");
      const principal = isOpen(request, service) ? anybody : verify(request, principals, Date.now(), hash).principal;
      return { principal, request: { ...request, body: Readable.from(body.length === 0 ? [] : [body]) } };
    }
    if (s3.isForm(request)) return s3.verifyForm(request, principals, Date.now());
    return { principal: verify(request, principals, Date.now()).principal, request };
  }
}

/** Whom AWS does not ask for a signature. */
const anybody: Principal = {
  name: "anonymous",
  arn: "anonymous",
  accessKeyId: "",
  secretAccessKey: "",
  policies: [],
};

/** Whether AWS takes the operation unsigned, and it comes so. A signature that is there must be right. */
function isOpen(request: Incoming, { unsigned }: Service): boolean {
  const [target, operation = ""] = targetOf(request);
  if (unsigned === undefined || unsigned.target !== target) return false;
  return isUnsigned(request) && unsigned.operations.includes(operation);
}

const isUnsigned = ({ headers, query }: Incoming): boolean =>
  headers.authorization === undefined && !query.has("X-Amz-Algorithm");

/** `Name`, `Operation` of `X-Amz-Target: Name.Operation`. */
const targetOf = ({ headers }: Incoming): string[] => String(headers["x-amz-target"] ?? "").split(".");

/** What became known of a request on its way, for the journal. */
interface Seen {
  service: Service;
  principal?: Principal;
  operation?: Operation;
  error?: AwsError;
}

const deniedCode = ({ name }: Service): string => (name === "s3" ? "AccessDenied" : "AccessDeniedException");

function incoming(message: IncomingMessage): Incoming {
  const [path = "", query = ""] = (message.url ?? "").split(/\?(.*)/s);
  const { method = "", headers } = message;
  return { method, path, query: new URLSearchParams(query), headers, body: message };
}

async function document({ body, headers }: Incoming): Promise<Buffer> {
  if (Number(headers["content-length"] ?? 0) > largestDocument) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // Not `for await`, which would close the connection with the answer still to be sent on it.
  return new Promise((resolve, reject) => {
    body.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= largestDocument) chunks.push(chunk);
      else reject(tooLarge());
    });
    body.on("end", () => resolve(Buffer.concat(chunks)));
    body.on("error", reject);
  });
}

const tooLarge = () =>
  awsError("RequestEntityTooLargeException", `The body is larger than ${largestDocument} bytes`, 413);

async function send({ status, headers = {}, body }: Outgoing, message: IncomingMessage, response: ServerResponse) {
  response.writeHead(status, { ...headers });
  // A client that hangs up in the middle of an answer has nobody to tell it to.
  if (body instanceof Readable) await pipeline(body, response).catch(() => undefined);
  else response.end(body);
  // What a refused client still sends is read and thrown away, so that it sees the answer instead of a broken pipe.
  message.resume();
}
