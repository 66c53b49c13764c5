// facts: what a letter says about itself: of which stage, about what, what is wrong with it, and where it came from.
//
//   ErrorCode, ErrorMessage            stage/each-message.ts sent it, with the error of the stage
//   ERROR_CODE, ERROR_MESSAGE          EventBridge or its Scheduler could not deliver it
//   DeadLetterQueueSourceArn           SQS moved it: received too often, and the error is in the log alone
//   requestContext, requestPayload     Lambda's record of an event at which a function failed three times

import type { Letter, Lying, Source } from "./letters";

export interface Facts {
  readonly stage: string;
  /** `bucket/key` of the object, else what the event calls its item, else its type; nothing where it says none of these. */
  readonly item?: string;
  /** `bucket/key` alone: how the audit table knows it. */
  readonly object?: string;
  readonly code: string;
  readonly message: string;
  /** How often it was tried, where anybody has counted. */
  readonly attempts?: number;
  readonly origin: Origin;
}

export type Origin =
  | { readonly to: "queue"; readonly url: string }
  | { readonly to: "function"; readonly arn: string; readonly payload: string }
  /** It says not where it came from. */
  | { readonly to: "nowhere"; readonly why: string };

export function factsOf(letter: Letter, { sources }: Pick<Lying, "sources">): Facts {
  const body = jsonOf(letter.body);
  const event = body.requestPayload ?? body;
  const object = objectOf(event);
  const item = object ?? itemOf(event);
  return {
    stage: letter.attributes.Stage ?? stageOf(letter.queue.name),
    ...(item === undefined ? {} : { item }),
    ...(object === undefined ? {} : { object }),
    ...failureOf(letter, body, sources),
    origin: originOf(letter, body, sources),
  };
}

/** `painter` of `painter-dead-letters` and `painter-objects-dead-letters`: as stage/event-queue.ts and stage/stage.ts name them. */
export const stageOf = (queue: string): string => queue.replace(/(-objects|-events)?-dead-letters$/, "");

/** Any of the events that there are; what is not there is undefined. */
interface Body {
  readonly requestContext?: {
    readonly requestId?: string;
    readonly functionArn?: string;
    readonly condition?: string;
    readonly approximateInvokeCount?: number;
  };
  readonly requestPayload?: Body;
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string };
  readonly Records?: readonly { readonly s3?: S3Part }[];
  readonly "detail-type"?: string;
  readonly detail?: {
    readonly bucket?: unknown;
    readonly object?: S3Part["object"];
    readonly original_key?: string;
    readonly user_id?: string;
    readonly item_id?: string;
  };
}

interface S3Part {
  readonly bucket?: { readonly name?: string };
  readonly object?: { readonly key?: string };
}

export function jsonOf(text: string): Body {
  try {
    return Object(JSON.parse(text)) as Body;
  } catch {
    return {};
  }
}

function objectOf({ Records, detail }: Body): string | undefined {
  const told = Array.isArray(Records) ? Records[0]?.s3 : undefined;
  // S3 encodes a key as in a form, EventBridge does not.
  if (told?.object?.key !== undefined) return `${told.bucket?.name}/${decoded(told.object.key)}`;
  const { bucket, object, original_key } = detail ?? {};
  if (object?.key !== undefined) return `${(bucket as S3Part["bucket"])?.name}/${object.key}`;
  return original_key !== undefined && typeof bucket === "string" ? `${bucket}/${original_key}` : undefined;
}

function itemOf({ detail, "detail-type": type }: Body): string | undefined {
  const named = [detail?.user_id, detail?.item_id].filter((part) => part !== undefined).join("/");
  return named || type;
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    return key;
  }
}

function failureOf({ attributes, movedFrom }: Letter, body: Body, sources: readonly Source[]) {
  const { ErrorCode, ErrorMessage = "", Attempts, ERROR_CODE, ERROR_MESSAGE = "", RETRY_ATTEMPTS } = attributes;
  if (ErrorCode !== undefined) return { code: ErrorCode, message: ErrorMessage, ...counted(Attempts) };
  if (ERROR_CODE !== undefined) {
    return { code: ERROR_CODE, message: ERROR_MESSAGE, ...counted(RETRY_ATTEMPTS && Number(RETRY_ATTEMPTS) + 1) };
  }
  const { requestContext: { condition = "Unknown", approximateInvokeCount } = {}, responsePayload } = body;
  if (movedFrom === undefined) {
    const { errorType = condition, errorMessage = "the letter says nothing of an error" } = responsePayload ?? {};
    return { code: errorType, message: errorMessage, ...counted(approximateInvokeCount) };
  }
  const { mostReceives = 0 } = sources.find(({ arn }) => arn === movedFrom) ?? {};
  return { code: "ReceivedTooOften", message: "the stage's log says why", ...counted(mostReceives || undefined) };
}

const counted = (attempts: string | number | undefined) =>
  attempts === undefined || attempts === "" ? {} : { attempts: Number(attempts) };

function originOf({ attributes, movedFrom, body: text }: Letter, body: Body, sources: readonly Source[]): Origin {
  const { requestContext: { functionArn } = {}, requestPayload } = body;
  if (functionArn !== undefined && requestPayload !== undefined) {
    return { to: "function", arn: functionArn.replace(/:\$LATEST$/, ""), payload: JSON.stringify(requestPayload) };
  }
  const target = movedFrom ?? attributes.TARGET_ARN;
  if (target?.includes(":lambda:")) return { to: "function", arn: target, payload: text };
  const [only, another] = target === undefined ? sources : sources.filter(({ arn }) => arn === target);
  if (only !== undefined && another === undefined) return { to: "queue", url: only.url };
  const why = another === undefined ? "no queue is known" : "it may be any of several queues";
  return { to: "nowhere", why: target === undefined ? why : `there is no queue "${target}" any more` };
}
