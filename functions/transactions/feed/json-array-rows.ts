// json-array-rows: the rows of a JSON array of objects, piece by piece.

import { badFeed } from "./bad-feed";
import { jsonRowReader } from "./json-row";
import { failedAt, isObject, jsonValues } from "./json-values";
import { limits } from "./limits";
import type { SourceRow } from "./source-row";

export async function* jsonArrayRows(text: AsyncIterable<Buffer>): AsyncGenerator<SourceRow[]> {
  const rowOf = jsonRowReader();
  let rows: SourceRow[] = [];
  let count = 0;
  let recordFrom = 0;
  let read = 0;
  let lines = 1;

  const tooLongAfter = () => badFeed("RecordTooLong", `row ${count + 1} has more than ${limits.record} bytes`);
  const json = jsonValues("array", (each) => {
    if (each.offset - recordFrom > limits.record) throw tooLongAfter();
    if (count === 0 && !isObject(each.value)) throw badFeed("NotAnArray", "its array does not hold objects");
    recordFrom = each.offset;
    count++;
    rows.push(rowOf(each));
  });
  for await (const piece of text) {
    try {
      json.write(piece);
    } catch (error) {
      if ((error as Error).name === "BadFeed") throw error;
      const at = failedAt(error, json);
      const line = lines + linesIn(piece.subarray(0, Math.max(0, at - read)));
      throw badFeed("BrokenJson", `it is no JSON from line ${line}, byte ${at} on`, error);
    }
    read += piece.length;
    if (!json.ended() && read - recordFrom > limits.record) throw tooLongAfter();
    lines += linesIn(piece);
    if (rows.length > 0) yield rows;
    rows = [];
  }
  if (!json.ended()) throw badFeed("BrokenJson", `it ends, at byte ${read}, before its array does`);
}

function linesIn(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}
