// service: the shape that every imitated AWS service has, as the door sees it.
//
// A request passes the door in five steps: its signature is verified (who is it?), the service named in the signature
// turns it into an operation (what is it?), the operation's needs are evaluated against the registered policies (may
// it?), it runs, and what came of it is written to the journal. A service therefore never checks a signature or a
// policy itself: it only says what an operation needs.

import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { PolicyDocument } from "./policy";
import type { Principal } from "./principals";

/** A request as it came over HTTP. */
export interface Incoming {
  readonly method: string;
  /** The path as it was sent, percent-encoding untouched, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body as it was sent: `aws-chunked` framing, where it is used, is for the service to undo. */
  readonly body: Readable;
}

/** An answer, in the service's own protocol. */
export interface Outgoing {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | Readable;
}

/** One permission that an operation needs, in IAM's words: `s3:GetObject` on `arn:aws:s3:::bucket/key`. */
export interface Need {
  readonly action: string;
  readonly resource: string;
  /** The policy of the resource itself (a bucket policy, a queue policy), where it has one. */
  readonly resourcePolicy?: PolicyDocument;
  /** Condition keys beside those that the door knows: `{ "s3:prefix": "raw/" }`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** Who called, and what else they may do: S3 answers 403 instead of 404 to a caller who may not list. */
export interface Caller {
  readonly principal: Principal;
  readonly may: (need: Need) => boolean;
}

export interface Operation {
  /** AWS's own name of the operation: `PutObject`, `SendMessage`. */
  readonly name: string;
  /** What it touches, as people name it: `bucket/key`, a queue's name. For the journal. */
  readonly resource: string;
  readonly needs: readonly Need[];
  readonly run: (caller: Caller) => Promise<Outgoing>;
}

export interface Service {
  /** The signing name, which is how a request finds its service: `s3`, `sqs`, `dynamodb`, `secretsmanager`. */
  readonly name: string;
  /** Reads the request as far as it must to name the operation; throws an AWS error for what is not imitated. */
  readonly operation: (request: Incoming) => Operation | Promise<Operation>;
  /** What it takes from anybody, without a signature: the operations, by what stands before them in `X-Amz-Target`. */
  readonly unsigned?: { readonly target: string; readonly operations: readonly string[] };
  /** An error in the words of the service's protocol (XML for S3, JSON for most others). */
  readonly refusal: (error: AwsError, request: Incoming) => Outgoing;
}

/** An error that AWS would answer: `code` is AWS's own name for it. */
export type AwsError = Error & { readonly code: string; readonly status: number };

export function awsError(code: string, message: string, status = 400): AwsError {
  return Object.assign(new Error(message), { name: code, code, status });
}

export const isAwsError = (error: unknown): error is AwsError =>
  error instanceof Error && "code" in error && "status" in error && typeof error.status === "number";
