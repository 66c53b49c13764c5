// operations: what SQS does, one function per operation, under AWS's own names.

import { awsError, isAwsError } from "../../door/service";
import {
  batchError,
  bytesOf,
  entries,
  type Input,
  integer,
  maximumMessageBytes,
  messageOf,
  type OperationName,
  text,
  texts,
} from "./input";
import { type MessageAttributes, md5, md5OfAttributes } from "./md5";
import type { Message, Queue } from "./queue";

type Answer = Promise<Input> | Input;

/** The operations on one queue; `sender` is who calls. */
export const queueOperations: {
  readonly [Name in Exclude<OperationName, "GetQueueUrl" | "ListQueues" | "ListDeadLetterSourceQueues">]: (
    queue: Queue,
    input: Input,
    sender: string,
  ) => Answer;
} = {
  SendMessage: sendMessage,
  SendMessageBatch(queue, input, sender) {
    const list = entries("SendMessageBatch", input);
    const bytes = list.reduce((sum, { MessageBody }) => sum + bytesOf(String(MessageBody), {}), 0);
    if (bytes > maximumMessageBytes) {
      const limit = `Batch requests cannot be longer than ${maximumMessageBytes} bytes. You have sent ${bytes} bytes.`;
      throw batchError("BatchRequestTooLong", limit);
    }
    return batch(list, (entry) => sendMessage(queue, entry, sender));
  },
  async ReceiveMessage(queue, input) {
    const visibilitySeconds = integer(input, "VisibilityTimeout", 0, 43_200);
    const waitSeconds = integer(input, "WaitTimeSeconds", 0, 20);
    const messages = await queue.receive({
      maximum: integer(input, "MaxNumberOfMessages", 1, 10) ?? 1,
      ...(visibilitySeconds === undefined ? {} : { visibilitySeconds }),
      ...(waitSeconds === undefined ? {} : { waitSeconds }),
    });
    return messages.length === 0 ? {} : { Messages: messages.map((message) => asReceived(message, input)) };
  },
  DeleteMessage: deleteMessage,
  DeleteMessageBatch: (queue, input) =>
    batch(entries("DeleteMessageBatch", input), (entry) => deleteMessage(queue, entry)),
  ChangeMessageVisibility: changeVisibility,
  ChangeMessageVisibilityBatch: (queue, input) =>
    batch(entries("ChangeMessageVisibilityBatch", input), (entry) => changeVisibility(queue, entry)),
  PurgeQueue(queue) {
    queue.purge();
    return {};
  },
  GetQueueAttributes(queue, input) {
    const names = texts(input, "AttributeNames");
    const attributes = attributesOf(queue);
    const strange = names.find((name) => name !== "All" && !allAttributes.includes(name));
    if (strange !== undefined) throw awsError("InvalidAttributeName", `Unknown Attribute ${strange}.`);
    const wanted = Object.entries(attributes).filter(([name]) => names.includes("All") || names.includes(name));
    return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
  },
};

function sendMessage(queue: Queue, input: Input, sender: string): Input {
  const delaySeconds = integer(input, "DelaySeconds", 0, 900);
  const { body, ...options } = messageOf(input);
  const { messageId } = queue.send(body, {
    ...options,
    sender,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
  });
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(body),
    MD5OfMessageAttributes: md5OfAttributes(options.messageAttributes),
  };
}

function deleteMessage(queue: Queue, input: Input): Input {
  queue.remove(text(input, "ReceiptHandle"));
  return {};
}

function changeVisibility(queue: Queue, input: Input): Input {
  const seconds = integer(input, "VisibilityTimeout", 0, 43_200);
  if (seconds === undefined)
    throw awsError("MissingParameter", "The request must contain the parameter VisibilityTimeout.");
  queue.changeVisibility(text(input, "ReceiptHandle"), seconds);
  return {};
}

/** Does the entries of a batch one by one; each succeeds or fails by itself. */
function batch(list: Input[], run: (entry: Input) => Input): Input {
  const Successful: Input[] = [];
  const Failed: Input[] = [];
  for (const entry of list) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!isAwsError(error)) throw error;
      Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
    }
  }
  return { Successful, Failed };
}

function asReceived({ messageId, receiptHandle, body, attributes, messageAttributes }: Message, input: Input): Input {
  const system = [...texts(input, "AttributeNames"), ...texts(input, "MessageSystemAttributeNames")];
  const Attributes = picked(attributes, (name) => system.includes("All") || system.includes(name));
  const wanted = texts(input, "MessageAttributeNames");
  const MessageAttributes = picked(messageAttributes, (name) => wanted.some((pattern) => matches(pattern, name)));
  return {
    MessageId: messageId,
    ReceiptHandle: receiptHandle,
    MD5OfBody: md5(body),
    Body: body,
    ...(Object.keys(Attributes).length > 0 && { Attributes }),
    ...(Object.keys(MessageAttributes).length > 0 && {
      MessageAttributes,
      MD5OfMessageAttributes: md5OfAttributes(MessageAttributes as MessageAttributes),
    }),
  };
}

/** `All`, `.*`, a name, or `prefix.*`. */
const matches = (pattern: string, name: string): boolean =>
  pattern === "All" || pattern === name || (pattern.endsWith(".*") && name.startsWith(pattern.slice(0, -2)));

function picked<T>(values: Readonly<Record<string, T>>, wanted: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted(name)));
}

function attributesOf({ config, createdAt, counts }: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = counts();
  const { redrive, policy } = config;
  const created = String(Math.floor(createdAt / 1000));
  return {
    QueueArn: config.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: created,
    LastModifiedTimestamp: created,
    VisibilityTimeout: String(config.visibilitySeconds),
    MessageRetentionPeriod: String(config.retentionSeconds),
    DelaySeconds: String(config.delaySeconds ?? 0),
    ReceiveMessageWaitTimeSeconds: String(config.receiveWaitSeconds ?? 0),
    MaximumMessageSize: String(maximumMessageBytes),
    SqsManagedSseEnabled: "true",
    ...(policy && { Policy: JSON.stringify(policy) }),
    ...(redrive && {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: redrive.deadLetterArn,
        maxReceiveCount: redrive.maxReceiveCount,
      }),
    }),
  };
}

const allAttributes = [
  "QueueArn",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "VisibilityTimeout",
  "MessageRetentionPeriod",
  "DelaySeconds",
  "ReceiveMessageWaitTimeSeconds",
  "MaximumMessageSize",
  "SqsManagedSseEnabled",
  "Policy",
  "RedrivePolicy",
];
