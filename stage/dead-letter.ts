// dead-letter: a message that failed for good, as it is sent to the dead letters of its queue: its body as it came, and as
// attributes what is wrong with it, where, and how often it was tried.

import type { MessageAttributeValue, SendMessageCommandInput } from "@aws-sdk/client-sqs";

export interface Failed {
  readonly body: string;
  /** Of the message that failed. */
  readonly messageId: string;
  readonly attempts: number;
  readonly requestId: string;
  readonly stage: string;
  readonly error: Error & { readonly code?: unknown };
}

export const deadLetter = (queueUrl: string, failed: Failed): SendMessageCommandInput => ({
  QueueUrl: queueUrl,
  MessageBody: failed.body,
  MessageAttributes: {
    ErrorCode: text(String(failed.error.code ?? failed.error.name)),
    ErrorMessage: text(failed.error.message),
    Stage: text(failed.stage),
    RequestId: text(failed.requestId),
    MessageId: text(failed.messageId),
    Attempts: { DataType: "Number", StringValue: String(failed.attempts) },
  },
});

const mostBytes = 1_024;

/**
 * What SQS takes for the value of an attribute: something, without control characters and the other characters that XML has
 * not (SQS API Reference, SendMessage). Cut to a kilobyte between two characters, as Lambda cuts the errors that it sends.
 */
function text(value: string): MessageAttributeValue {
  const clean = value.toWellFormed().replaceAll(/[\s\p{Cc}\ufffe\uffff]+/gu, " ");
  const bytes = new TextEncoder().encode(clean.trim()).subarray(0, mostBytes);
  // What a stream leaves unfinished at its end is not decoded.
  return { DataType: "String", StringValue: new TextDecoder().decode(bytes, { stream: true }) || "-" };
}
