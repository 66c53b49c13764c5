// ndjson-rows: the rows of newline-delimited JSON, an object in each line. A line that is none is a row with a problem,
// and the next one is read as if nothing had been.

import { columnName } from "../../../schemas/feed";
import { badFeed } from "./bad-feed";
import { jsonRowReader, noObject } from "./json-row";
import { failedAt, isObject, type JsonValue, type JsonValues, jsonValues } from "./json-values";
import { limits } from "./limits";
import { isFeedColumn, type SourceRow } from "./source-row";

export async function* ndjsonRows(text: AsyncIterable<Buffer>): AsyncGenerator<SourceRow[]> {
  const rowOf = lineReader();
  let rows: SourceRow[] = [];
  let begun: Buffer[] = [];
  let length = 0;
  let line = 1;
  const take = (bytes: Buffer) => {
    length += bytes.length;
    if (length > limits.record) throw badFeed("RecordTooLong", `line ${line} has more than ${limits.record} bytes`);
    begun.push(bytes);
  };
  const end = () => {
    const [first] = begun;
    const row = rowOf(begun.length === 1 && first !== undefined ? first : Buffer.concat(begun), line);
    if (row !== undefined) rows.push(row);
    begun = [];
    length = 0;
    line++;
  };
  for await (const piece of text) {
    let from = 0;
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, from)) {
      if (at === from && length === 0) line++;
      else {
        take(piece.subarray(from, at));
        end();
      }
      from = at + 1;
    }
    take(piece.subarray(from));
    if (rows.length > 0) yield rows;
    rows = [];
  }
  end();
  if (rows.length > 0) yield rows;
}

const lineEnd = [10];

function lineReader() {
  const rowOf = jsonRowReader();
  let found: JsonValue[] = [];
  let json: JsonValues | undefined;
  let written = 0;
  let first = true;

  return (bytes: Buffer, line: number): SourceRow | undefined => {
    if (bytes.every(isBlank)) return undefined;
    if (json === undefined) {
      json = jsonValues("text", (value) => found.push(value));
      written = 0;
    }
    found = [];
    const begins = first;
    first = false;
    const bad = (why: string) => ({ line, ...noObject(bytes.toString().trim(), why) });
    try {
      json.write(bytes);
      json.write(Uint8Array.from(lineEnd));
    } catch (error) {
      const at = failedAt(error, json) - written;
      json = undefined;
      return bad(`is no JSON from its byte ${at} on`);
    }
    written += bytes.length + 1;
    if (!json.ended()) {
      json = undefined;
      if (begins && /[[{,:]\s*$/.test(bytes.toString())) throw notAnArray();
      return bad("ends before its object does: each line must be a whole object");
    }
    const [one, other] = found;
    if (one === undefined || other !== undefined) return bad("must be one object of JSON");
    if (begins && isDocument(one.value)) throw notAnArray();
    return rowOf(one, line);
  };
}

const isBlank = (byte: number): boolean => byte === 32 || byte === 9 || byte === 13;

/** An object around the rows, and no row. */
const isDocument = (value: unknown): boolean =>
  isObject(value) &&
  Object.values(value).some((each) => typeof each === "object" && each !== null) &&
  !Object.keys(value).some((key) => isFeedColumn(columnName(key)));

const notAnArray = () =>
  badFeed("NotAnArray", "it is an object of JSON, not an array of objects, nor an object in each line");
