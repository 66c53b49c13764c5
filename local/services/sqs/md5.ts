// md5: the checksums by which a client of SQS knows that its message arrived whole.

import { createHash } from "node:crypto";

export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, optionally with a label of one's own: `Number.cents`. */
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

export const md5 = (data: string | Buffer): string => createHash("md5").update(data).digest("hex");

/**
 * The checksum over attributes: by name, each as name, type, one byte for the kind of value, and value, the texts with
 * their length before them.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function md5OfAttributes(attributes: MessageAttributes): string | undefined {
  const entries = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return undefined;
  return md5(
    Buffer.concat(
      entries.flatMap(([name, attribute]) => [sized(name), sized(attribute.DataType), ...value(attribute)]),
    ),
  );
}

const value = ({ StringValue, BinaryValue }: MessageAttribute): Buffer[] =>
  BinaryValue === undefined
    ? [Buffer.of(1), sized(StringValue ?? "")]
    : [Buffer.of(2), sized(Buffer.from(BinaryValue, "base64"))];

function sized(data: string | Buffer): Buffer {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
