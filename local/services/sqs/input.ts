// input: what the operations of SQS take, as data; the words of SQS for what they do not take.

import { awsError } from "../../door/service";
import type { MessageAttribute, MessageAttributes } from "./md5";

export type Input = Readonly<Record<string, unknown>>;

/** Every parameter that is imitated; what a client sends beside them is refused by name. */
export const parameters = {
  ChangeMessageVisibility: ["QueueUrl", "ReceiptHandle", "VisibilityTimeout"],
  ChangeMessageVisibilityBatch: ["QueueUrl", "Entries"],
  DeleteMessage: ["QueueUrl", "ReceiptHandle"],
  DeleteMessageBatch: ["QueueUrl", "Entries"],
  GetQueueAttributes: ["QueueUrl", "AttributeNames"],
  GetQueueUrl: ["QueueName", "QueueOwnerAWSAccountId"],
  ListDeadLetterSourceQueues: ["QueueUrl"],
  ListQueues: ["QueueNamePrefix"],
  PurgeQueue: ["QueueUrl"],
  ReceiveMessage: [
    "QueueUrl",
    "AttributeNames",
    "MessageSystemAttributeNames",
    "MessageAttributeNames",
    "MaxNumberOfMessages",
    "VisibilityTimeout",
    "WaitTimeSeconds",
  ],
  SendMessage: ["QueueUrl", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageSystemAttributes"],
  SendMessageBatch: ["QueueUrl", "Entries"],
} as const satisfies Record<string, readonly string[]>;

export type OperationName = keyof typeof parameters;

export const entryParameters: Partial<Record<OperationName, readonly string[]>> = {
  ChangeMessageVisibilityBatch: ["Id", "ReceiptHandle", "VisibilityTimeout"],
  DeleteMessageBatch: ["Id", "ReceiptHandle"],
  SendMessageBatch: ["Id", "MessageBody", "DelaySeconds", "MessageAttributes", "MessageSystemAttributes"],
};

/** 1 MiB since August 2025, attributes included. */
export const maximumMessageBytes = 1024 * 1024;

export const isOperation = (name: string): name is OperationName => Object.hasOwn(parameters, name);

export function checkNames(operation: string, input: Input, names: readonly string[]): void {
  const strange = Object.keys(input).find((name) => input[name] !== undefined && !names.includes(name));
  if (strange !== undefined) throw unsupported(`the parameter ${strange} of ${operation}`);
}

export const unsupported = (what: string): Error =>
  awsError("AWS.SimpleQueueService.UnsupportedOperation", `This SQS does not imitate ${what}.`);

export const invalid = (message: string): Error => awsError("InvalidParameterValue", message);

export function text(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw awsError("MissingParameter", `The request must contain the parameter ${name}.`);
}

export function integer(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  const reason = `Must be between ${least} and ${most}, if provided.`;
  throw invalid(`Value ${value} for parameter ${name} is invalid. Reason: ${reason}`);
}

export const texts = (input: Input, name: string): string[] => {
  const value = input[name];
  return Array.isArray(value) ? value.map(String) : [];
};

/** The entries of a batch, after the rules that hold for every batch. */
export function entries(operation: OperationName, input: Input): Input[] {
  const list = Array.isArray(input.Entries) ? input.Entries.filter(isRecord) : [];
  const ids = list.map((entry) => text(entry, "Id"));
  if (list.length === 0) throw batchError("EmptyBatchRequest", "There should be at least one entry in the request.");
  if (list.length > 10) {
    const message = `Maximum number of entries per request are 10. You have sent ${list.length}.`;
    throw batchError("TooManyEntriesInBatchRequest", message);
  }
  if (new Set(ids).size < ids.length)
    throw batchError("BatchEntryIdsNotDistinct", "Two or more batch entries have the same Id.");
  const bad = ids.find((id) => !/^[\w-]{1,80}$/.test(id));
  if (bad !== undefined) {
    throw batchError(
      "InvalidBatchEntryId",
      "A batch entry id can only contain alphanumeric characters, hyphens and underscores.",
    );
  }
  for (const entry of list) checkNames(operation, entry, entryParameters[operation] ?? []);
  return list;
}

export const batchError = (code: string, message: string): Error => awsError(`AWS.SimpleQueueService.${code}`, message);

/** Checks a message as SendMessage does. */
export function messageOf(input: Input): { body: string; messageAttributes: MessageAttributes; traceHeader?: string } {
  const body = text(input, "MessageBody");
  if (forbidden.test(body)) {
    throw awsError(
      "InvalidMessageContents",
      "Invalid binary character was found in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  }
  const messageAttributes = attributesOf(input.MessageAttributes);
  const system = attributesOf(input.MessageSystemAttributes);
  checkNames("MessageSystemAttributes", system, ["AWSTraceHeader"]);
  if (bytesOf(body, messageAttributes) > maximumMessageBytes) {
    throw invalid(
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageBytes} bytes.`,
    );
  }
  const traceHeader = system.AWSTraceHeader?.StringValue;
  return { body, messageAttributes, ...(traceHeader === undefined ? {} : { traceHeader }) };
}

export function bytesOf(body: string, attributes: MessageAttributes): number {
  const sizes = Object.entries(attributes).map(([name, { DataType, StringValue = "", BinaryValue = "" }]) => {
    return Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, "base64").length;
  });
  return sizes.reduce((sum, size) => sum + size, Buffer.byteLength(body));
}

/** Control characters, lone surrogates and non-characters: what is not in SQS's set. */
const forbidden = /(?![\t\n\r\x7f-\x9f])\p{Cc}|[\p{Cs}\ufffe\uffff]/u;

function attributesOf(value: unknown): Record<string, MessageAttribute> {
  if (!isRecord(value)) return {};
  const named = Object.entries(value).map(([name, attribute]) => [name, attributeOf(name, attribute)] as const);
  if (named.length > 10)
    throw invalid(`Number of message attributes [${named.length}] exceeds the allowed maximum [10].`);
  return Object.fromEntries(named);
}

function attributeOf(name: string, value: unknown): MessageAttribute {
  const { DataType, StringValue, BinaryValue, ...rest } = isRecord(value) ? value : {};
  checkNames("MessageAttributes", rest, ["StringListValues", "BinaryListValues"]);
  if (!/^[\w.-]{1,256}$/.test(name)) throw invalid(`Message (user) attribute name '${name}' is invalid.`);
  if (typeof DataType !== "string" || !/^(String|Number|Binary)(\.|$)/.test(DataType)) {
    const reason = "The message attribute type must be one of: [String, Number, Binary].";
    throw invalid(`The message attribute '${name}' has an invalid message attribute type. ${reason}`);
  }
  const given = DataType.startsWith("Binary") ? BinaryValue : StringValue;
  if (typeof given !== "string" || given === "") {
    throw invalid(`The message attribute '${name}' must contain a non-empty message attribute value.`);
  }
  return DataType.startsWith("Binary") ? { DataType, BinaryValue: given } : { DataType, StringValue: given };
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
