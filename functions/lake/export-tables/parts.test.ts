import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, test } from "node:test";
import { batches } from "./batches";
import { type Part, partsOf } from "./parts";

const directory = mkdtempSync(join(tmpdir(), "parts-"));
after(() => rmSync(directory, { recursive: true }));

const kilobyte = 1_024;
const line = (index: number) => Buffer.from(`"${index}","${"x".repeat(kilobyte)}"\n`);
const recordOf = (chunk: Buffer) => chunk;
const never = new AbortController().signal;
const size = { rows: 2_500, bytes: 1_000 * kilobyte ** 2 };

async function read(stream: Readable, timeIsUp = never, most = size) {
  const parts: (Part & { text: string })[] = [];
  let failure: Error | undefined;
  try {
    for await (const part of partsOf(batches({ stream, recordOf }, timeIsUp), join(directory, "part.csv"), most)) {
      parts.push({ ...part, text: await readFile(part.file, "utf8") });
    }
  } catch (error) {
    failure = error as Error;
  }
  return { parts, failure, text: parts.map((part) => part.text).join("") };
}

function* lines(count: number) {
  for (let index = 0; index < count; index++) yield line(index);
}

test("partsOf() gives every row once, in order, and says which is the first and the last of each part", async () => {
  const { parts, text, failure } = await read(Readable.from(lines(6_000)));
  assert.equal(failure, undefined);
  assert.equal(text, [...lines(6_000)].join(""));
  assert.ok(parts.length > 1);
  assert.equal(
    parts.reduce((rows, part) => rows + part.rows, 0),
    6_000,
  );
  for (const part of parts) {
    const own = part.text.split("\n").slice(0, -1);
    assert.equal(own.length, part.rows);
    assert.deepEqual([`${own[0]}\n`, `${own.at(-1)}\n`], [part.first.toString(), part.last.toString()]);
  }
});

test("partsOf() ends a part by its bytes as well, and gives none for no rows", async () => {
  const { parts } = await read(Readable.from(lines(6_000)), never, { rows: 1e9, bytes: 2 * kilobyte ** 2 });
  assert.ok(parts.length >= 3, `${parts.length} parts`);
  assert.deepEqual(await read(Readable.from([])), { parts: [], failure: undefined, text: "" });
});

test("partsOf() names equal rows by an equal digest", async () => {
  const [one, same, other] = [
    await read(Readable.from(lines(10))),
    await read(Readable.from(lines(10))),
    await read(Readable.from(lines(11))),
  ];
  assert.equal(one.parts[0]?.digest, same.parts[0]?.digest);
  assert.notEqual(one.parts[0]?.digest, other.parts[0]?.digest);
});

test("partsOf() gives what came before a failure, and then the failure", async () => {
  const broken = new Error("the line is broken");
  const stream = Readable.from(
    (async function* () {
      yield* lines(3_000);
      throw broken;
    })(),
  );
  const { parts, failure, text } = await read(stream, never, { rows: 1e9, bytes: 1e9 });
  assert.equal(failure, broken);
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  assert.ok(rows >= 2_500, `${rows} rows`);
  assert.equal(text, [...lines(rows)].join(""));
});

test("partsOf() ends with what came when the time is up, though the stream goes on", async () => {
  const time = new AbortController();
  let sent = 0;
  const stream = new Readable({
    objectMode: true,
    read() {
      if (sent < 100) this.push(line(sent++));
      else setImmediate(() => time.abort());
    },
  });
  const { failure, text } = await read(stream, time.signal);
  assert.equal(failure, undefined);
  assert.equal(text, [...lines(100)].join(""));
  assert.equal(stream.destroyed, true);
});

test("a stream that is closed without an end is a failure", async () => {
  const stream = new Readable({ objectMode: true, read() {} });
  stream.push(line(0));
  setImmediate(() => stream.destroy());
  const { failure } = await read(stream);
  assert.match(failure?.message ?? "", /the source closed the connection/);
});
