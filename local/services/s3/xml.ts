// xml: S3's answers and requests in XML.

import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { malformedXml } from "./errors";

/** A document as plain values; a list becomes one element each, and what is undefined is left out. */
export interface Tree {
  readonly [name: string]: Value;
}
type Value = string | number | boolean | undefined | Tree | readonly Tree[] | readonly string[];

export const xmlHeaders = { "content-type": "application/xml" };

/** `attributes: false` leaves out the namespace, as S3 does in its errors. */
export function xml(root: string, content: Tree, { namespace = true } = {}): string {
  const attributes = namespace ? { "@_xmlns": "http://s3.amazonaws.com/doc/2006-03-01/" } : {};
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...attributes, ...content } })}`;
}

/** The elements below `root`, every one of them as a list in the order of the document; text is kept to the letter. */
export interface Element {
  readonly text: string;
  readonly children: Readonly<Record<string, readonly Element[]>>;
}

export function parseXml(text: string, root: string): Element {
  if (XMLValidator.validate(text) !== true || /<!DOCTYPE/i.test(text)) throw malformedXml();
  const parsed: unknown = parser.parse(text);
  const element = elementOf(parsed).children[root]?.[0];
  if (element === undefined) throw malformedXml();
  return element;
}

/** The text of the first child of that name. */
export const textOf = (element: Element, name: string): string | undefined => element.children[name]?.[0]?.text;

const builder = new XMLBuilder({
  ignoreAttributes: false,
  processEntities: false,
  tagValueProcessor: (_name, value) => escaped(String(value)),
  attributeValueProcessor: (_name, value) => escaped(String(value)),
});

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  alwaysCreateTextNode: true,
  htmlEntities: true,
  isArray: () => true,
  processEntities: { enabled: true, maxTotalExpansions: 1_000_000, maxExpandedLength: 10_000_000 },
});

function elementOf(node: unknown): Element {
  if (typeof node !== "object" || node === null) return { text: String(node ?? ""), children: {} };
  const { "#text": text = "", ...rest } = node as Record<string, unknown>;
  const children = Object.entries(rest).map(([name, list]) => [name, [list].flat().map(elementOf)] as const);
  return { text: String(text), children: Object.fromEntries(children) };
}

// A control character has no place in XML 1.0; S3 writes it as a reference all the same, and the SDKs read it.
const escaped = (text: string) =>
  text.replace(
    /[&<>"']|\p{Cc}|[\u2028\ufffe\uffff]/gu,
    (char) => `&#x${char.charCodeAt(0).toString(16).toUpperCase()};`,
  );
