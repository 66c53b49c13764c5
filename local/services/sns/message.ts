// message: what may be published, and SNS's words for what may not.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html

import type { MessageAttribute, MessageAttributes } from "../sqs/md5";
import { type Form, invalid, items } from "./form";

export interface Message {
  readonly subject?: string;
  /** What everybody gets; where the publisher gave a text for each protocol, the one called `default`. */
  readonly text: string;
  /** By protocol, where the publisher gave `MessageStructure: "json"`. */
  readonly texts: Readonly<Record<string, string>>;
  readonly attributes: MessageAttributes;
  readonly bytes: number;
}

/** Of a message with its attributes, and of all messages of a batch together. */
export const largestMessage = 256 * 1024;

export function messageOf(form: Form): Message {
  const text = form.get("Message") ?? "";
  if (text === "") throw invalid("Empty message");
  const subject = form.get("Subject");
  if (subject !== undefined && !/^[\x21-\x7e][\x20-\x7e]{0,98}$/.test(subject)) throw invalid("Subject");
  const attributes = attributesOf(form);
  const bytes = Buffer.byteLength(text) + bytesOf(attributes);
  if (bytes > largestMessage) throw invalid("Message too long");
  const message = { ...(subject === undefined ? {} : { subject }), attributes, bytes };
  const structure = form.get("MessageStructure");
  if (structure === undefined) return { ...message, text, texts: {} };
  if (structure !== "json") throw invalid("MessageStructure");
  const texts = textsOf(text);
  return { ...message, text: texts.default ?? "", texts };
}

function textsOf(json: string): Readonly<Record<string, string>> {
  const parsed = parsedJson(json);
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw invalid("Message Structure - JSON message body failed to parse");
  const texts = Object.entries(parsed).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  const byProtocol = Object.fromEntries(texts);
  if (byProtocol.default === undefined) throw invalid("Message Structure - No default entry in JSON message body");
  return byProtocol;
}

function attributesOf(form: Form): MessageAttributes {
  const named = items(form, "MessageAttributes", "entry").map((item): [string, MessageAttribute] => {
    const name = item.get("Name") ?? "";
    return [nameOf(name), attributeOf(name, item)];
  });
  if (new Set(named.map(([name]) => name)).size < named.length) throw invalid("MessageAttributes Reason: a name twice");
  return Object.fromEntries(named);
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html */
function nameOf(name: string): string {
  const known = /^(?!\.)(?!.*\.\.)(?!.*\.$)(?!aws\.|amazon\.)[\w.-]{1,256}$/i;
  if (known.test(name)) return name;
  throw invalid(`MessageAttributes Reason: the name '${name}' of a message attribute is invalid`);
}

function attributeOf(name: string, item: Form): MessageAttribute {
  const DataType = item.get("Value.DataType") ?? "";
  const StringValue = item.get("Value.StringValue") ?? "";
  const BinaryValue = item.get("Value.BinaryValue") ?? "";
  const value = DataType === "Binary" ? BinaryValue : StringValue;
  if (!["String", "String.Array", "Number", "Binary"].includes(DataType))
    throw invalid(`The message attribute '${name}' has an invalid message attribute type '${DataType}'`);
  if (value === "") throw invalid(`The message attribute '${name}' must contain a non-empty message attribute value`);
  if (DataType === "Number" && !Number.isFinite(Number(value)))
    throw invalid(`Could not cast message attribute '${name}' value to number`);
  if (DataType === "String.Array" && !isArray(value))
    throw invalid(`The message attribute '${name}' is not an array of strings, numbers, true, false and null`);
  return DataType === "Binary" ? { DataType, BinaryValue } : { DataType, StringValue };
}

function isArray(json: string): boolean {
  const value = parsedJson(json);
  return Array.isArray(value) && value.every((each) => each === null || typeof each !== "object");
}

function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

const bytesOf = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce((sum, [name, { DataType, StringValue = "", BinaryValue = "" }]) => {
    return sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.from(BinaryValue, "base64").length;
  }, 0);
