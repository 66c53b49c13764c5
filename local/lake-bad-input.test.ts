// The lake on the embedded AWS: a file that no retry will mend is set aside whole, with one clear reason, and the others go on.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyObject } from "../functions/copy-object";
import {
  cardIn,
  cards,
  curation,
  evaluated,
  type Lake,
  order,
  parquet,
  payment,
  rowsOf,
  startLake,
} from "./lake-fixture";

interface BadFile {
  readonly what: string;
  readonly key: string;
  readonly code: string;
  readonly reason: RegExp;
  readonly body: () => Promise<Buffer> | Buffer;
}

const withNote = order({ notes: `paid with ${cards.visa}` });
const good = () => parquet(rowsOf("orders", [withNote, order({ order_id: 2 })]));
const csv = Buffer.from(`order_id,notes\n1,${cards.visa}\n`);
/** 300 characters, of which every one means something to somebody on the way. */
const strange = `${"a+b c%20d%é漢?&=#'\"~:$;|<>\\^{}[]!*()@,".repeat(8)}`.slice(0, 300).padEnd(300, "%");

const manyColumns = Array.from({ length: 900 }, (_, index) => `${index} AS more_${index}`).join(", ");

const badFiles: readonly BadFile[] = [
  {
    what: "is not Parquet",
    key: "raw/orders/notes.csv",
    code: "NotParquet",
    reason: /does not begin with PAR1: it has 37 bytes/,
    body: () => csv,
  },
  {
    what: "is empty",
    key: "raw/orders/empty.parquet",
    code: "NotParquet",
    reason: /it has 0 bytes/,
    body: () => Buffer.alloc(0),
  },
  {
    what: "breaks off",
    key: "raw/orders/truncated.parquet",
    code: "Truncated",
    reason: /does not end with PAR1: after 700 bytes/,
    body: async () => (await good()).subarray(0, 700),
  },
  {
    what: "has nothing between its magic numbers",
    key: "raw/orders/magic.parquet",
    code: "Unreadable",
    reason: /./,
    body: () => Buffer.from("PAR1 4111 1111 1111 1111 \u0010\u0000\u0000\u0000PAR1"),
  },
  {
    what: "is encrypted",
    key: "raw/orders/encrypted.parquet",
    code: "Encrypted",
    reason: /footer is encrypted/,
    body: () =>
      parquet(rowsOf("orders", [withNote]), "ENCRYPTION_CONFIG {footer_key: 'key'}", [
        // DuckDB's own cipher; a better one would have to be downloaded.
        "SET force_mbedtls_unsafe = 'true'",
        "PRAGMA add_parquet_key('key', '0123456789112345')",
      ]),
  },
  {
    what: "has no rows",
    key: "raw/orders/zero.parquet",
    code: "Empty",
    reason: /it has no rows/,
    body: () => parquet(`${rowsOf("orders", [withNote])} WHERE false`),
  },
  {
    what: "lacks its key column",
    key: "raw/orders/keyless.parquet",
    code: "Columns",
    reason: /column "order_id" is missing/,
    body: () => parquet(`SELECT * EXCLUDE (order_id) FROM (${rowsOf("orders", [withNote])})`),
  },
  {
    what: "has a column of the wrong type",
    key: "raw/orders/typed.parquet",
    code: "Columns",
    reason: /column "order_id" is VARCHAR and must be bigint/,
    body: () => parquet(`SELECT * REPLACE ('${cards.master}' AS order_id) FROM (${rowsOf("orders", [withNote])})`),
  },
  {
    what: "has a column too many",
    key: "raw/orders/wide.parquet",
    code: "Columns",
    reason: /column "card" \(VARCHAR\) is not known/,
    body: () => parquet(`SELECT *, '${cards.amex}' AS card FROM (${rowsOf("orders", [withNote])})`),
  },
  {
    what: "has more columns than an audit row can tell",
    key: "raw/orders/columns.parquet",
    code: "Columns",
    reason: /^.{1900,2100}$/s,
    body: () => parquet(`SELECT *, ${manyColumns} FROM (${rowsOf("orders", [withNote])})`),
  },
  {
    what: "has more columns than anybody believes",
    key: "raw/orders/schema.parquet",
    code: "Columns",
    reason: /its schema has 2147483647 elements: 1000 are the most/,
    body: () => Buffer.from("PAR1\x15\x02\x19\xfc\xff\xff\xff\xff\x07\0\0\0\0\0\0\0\0\0\0\x13\0\0\0PAR1", "latin1"),
  },
  {
    what: "holds a text without end in few bytes",
    key: "raw/orders/text.parquet",
    code: "TooLarge",
    reason: /column "notes" holds a text of 3000000 bytes: 1048576 are the most/,
    body: () => parquet(`SELECT * REPLACE (repeat('x', 3000000) AS notes) FROM (${rowsOf("orders", [withNote])})`),
  },
  {
    what: "would touch more partitions than time allows",
    key: "raw/orders/partitions.parquet",
    code: "TooLarge",
    reason: /its rows fall into 5001 partitions, and 5000 are the most: export it in parts/,
    body: () =>
      parquet(
        `SELECT * REPLACE (range AS order_id, TIMESTAMP '2001-01-01' + to_days(range::INTEGER) AS created_at)
               FROM (${rowsOf("orders", [withNote])}), range(1, 5002)`.replace("REPLACE", "EXCLUDE (range) REPLACE"),
      ),
  },
  {
    what: "has a nested column",
    key: "raw/orders/nested.parquet",
    code: "Columns",
    reason: /column "notes" is STRUCT\(.*\)\[\] and must be varchar/,
    body: () =>
      parquet(`SELECT * REPLACE ([{'card': '${cards.visa}'}] AS notes) FROM (${rowsOf("orders", [withNote])})`),
  },
  {
    what: "is of an unknown table",
    key: "raw/refunds/a.parquet",
    code: "UnknownTable",
    reason: /there is no table "refunds"/,
    body: good,
  },
  {
    what: "is of a table named like a property of every object",
    key: "raw/constructor/a.parquet",
    code: "UnknownTable",
    reason: /no table "constructor"/,
    body: good,
  },
  {
    what: "lies outside raw/",
    key: "incoming/orders/a.parquet",
    code: "UnknownTable",
    reason: /its key is not raw\/\{table\}\/\{file\}/,
    body: good,
  },
  {
    what: "lies in no table's folder",
    key: "raw/orders.parquet",
    code: "UnknownTable",
    reason: /its key is not raw\/\{table\}\/\{file\}/,
    body: good,
  },
  {
    what: "is bad under a strange key",
    key: `raw/orders/bad ${strange}`,
    code: "NotParquet",
    reason: /PAR1/,
    body: () => csv,
  },
  {
    what: "has damaged pages",
    key: "raw/orders/damaged.parquet",
    code: "Unreadable",
    reason: /./,
    body: async () => {
      const file = await parquet(rowsOf("orders", many), "COMPRESSION zstd");
      return Buffer.concat([file.subarray(0, 30), Buffer.alloc(60, 0x41), file.subarray(90)]);
    },
  },
  {
    what: "has damaged pages that DuckDB reads without a word",
    key: "raw/orders/silent.parquet",
    code: "Damaged",
    reason: /column "order_id" does not have what its footer gives as its least value/,
    body: async () => {
      const file = await parquet(rowsOf("orders", many), "COMPRESSION uncompressed");
      const least = Buffer.alloc(8);
      least.writeBigInt64LE(1_000_000n);
      file.writeBigInt64LE(77n, file.indexOf(least));
      return file;
    },
  },
];

const many = Array.from({ length: 2_000 }, (_, index) => order({ order_id: 1_000_000 + index }));

const goodFiles: readonly Pick<BadFile, "key" | "body">[] = [
  { key: "raw/orders/good.parquet", body: good },
  { key: `raw/orders/good ${strange}`, body: () => parquet(rowsOf("orders", [order({ order_id: 3 })])) },
  {
    key: "raw/payments/rows.parquet",
    body: () =>
      parquet(rowsOf("payments", [payment({ payment_id: 1 }), payment({ payment_id: 2, currency: `${cards.visa}` })])),
  },
];

let lake: Lake;
const versions = new Map<string, string>();
const bodies = new Map<string, Buffer>();

// All at once, good and bad: whatever goes wrong with one must not reach another.
before(async () => {
  lake = await startLake(curation(await evaluated("dev")));
  for (const { key, body } of [...badFiles, ...goodFiles]) bodies.set(key, await body());
  await Promise.all([...bodies].map(async ([key, body]) => versions.set(key, await lake.put(key, body))));
  await lake.cloud.idle();
});
after(() => lake.end());

for (const { what, key, code, reason } of badFiles) {
  test(`a file that ${what} is set aside whole, with its reason`, async () => {
    const { raw, quarantine } = lake.buckets;
    assert.deepEqual(await lake.read(quarantine, `files/${key}/${versions.get(key)}`), bodies.get(key));

    const problem = JSON.parse(
      (await lake.read(quarantine, `files/${key}/${versions.get(key)}.problem.json`)).toString(),
    );
    assert.deepEqual([problem.bucket, problem.key, problem.version, problem.code], [raw, key, versions.get(key), code]);
    assert.match(problem.message, reason);
    assert.ok(problem.message.startsWith(`Cannot curate "${key}": `), problem.message);
    assert.equal(problem.message.includes("\n"), false);

    const [audit, ...more] = await lake.audits(key);
    assert.equal(more.length, 0);
    assert.deepEqual(
      [audit?.outcome, audit?.versionAndStage, audit?.error, audit?.outputs],
      [
        "rejected",
        `${versions.get(key)}#raw-to-curated`,
        { code, message: problem.message },
        [`${quarantine}/files/${key}/${versions.get(key)}`],
      ],
    );
    const logged = logLines().filter(
      (line) => line.includes("Rejected a raw file") && line.includes(JSON.stringify(`${raw}/${key}`)),
    );
    assert.ok(logged.length > 0);
    for (const line of logged) assert.ok(line.includes(JSON.stringify(problem.message)), line);
  });
}

test("the good files go on, a strange key or not", async () => {
  assert.deepEqual(
    (await lake.curated("orders")).map(({ order_id, source_file }) => [order_id, source_file]),
    [
      ["1", "raw/orders/good.parquet"],
      ["2", "raw/orders/good.parquet"],
      ["3", `raw/orders/good ${strange}`],
    ],
  );
  assert.deepEqual(
    (await lake.curated("payments")).map(({ payment_id }) => payment_id),
    ["1"],
  );
});

test("nothing is tried again, and nothing is a dead letter", async () => {
  const { entries } = lake.cloud.journal;
  const invokes = entries.filter(({ operation }) => operation === "Invoke");
  // S3 tells one in ten twice.
  assert.equal(invokes.length, bodies.size + Math.floor(bodies.size / 10));
  assert.deepEqual(new Set(invokes.map(({ outcome, detail }) => `${outcome} ${detail?.attempt}`)), new Set(["ok 1"]));
  assert.deepEqual(
    entries.filter(({ operation }) => ["Retry", "Destination"].includes(operation)),
    [],
  );
  for (const { arn } of lake.cloud.deadLetterQueues) assert.deepEqual(lake.cloud.sqs.messages(arn), []);
});

test("no card number is in a log, the journal, the audit table, a reason or a row in quarantine", async () => {
  const { quarantine } = lake.buckets;
  const reasons = (await lake.keys(quarantine)).filter(
    (key) => key.startsWith("rows/") || key.endsWith(".problem.json"),
  );
  assert.equal(reasons.length, badFiles.length + 1);
  for (const key of reasons) assert.equal(cardIn((await lake.read(quarantine, key)).toString()), undefined, key);
  assert.equal(cardIn(JSON.stringify(await lake.audits())), undefined);
  assert.equal(cardIn(JSON.stringify(lake.cloud.journal.entries)), undefined);
  assert.equal(cardIn(logLines().join("\n")), undefined);
});

function logLines(): string[] {
  const logs = join(lake.cloud.directory, "logs");
  return readdirSync(logs, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".log"))
    .flatMap((file) => readFileSync(join(logs, file), "utf8").split("\n"));
}

test("a bad file that is larger than S3 copies at once is copied in parts, whole", async () => {
  const { raw, quarantine } = lake.buckets;
  const body = Buffer.alloc(12 * 1_024 ** 2, "not Parquet; ");
  const [key, Key] = ["raw/orders/large.parquet", "files/in-parts"];
  const version = await lake.put(key, body);
  // S3 takes no part of less than 5 MiB, but the last.
  const step = 5 * 1_024 ** 2;
  await copyObject(lake.s3, { bucket: raw, key, version, size: body.length }, { Bucket: quarantine, Key }, step);
  assert.ok(body.equals(await lake.read(quarantine, Key)));
  const parts = lake.cloud.journal.entries.filter(({ operation }) => operation === "UploadPartCopy");
  assert.equal(parts.length, 3);
  await lake.cloud.idle();
});

test("a second bad file under one key leaves the first where it is", async () => {
  const { quarantine } = lake.buckets;
  const key = "raw/orders/again.parquet";
  const first = await lake.put(key, Buffer.from("one"));
  const second = await lake.put(key, Buffer.from("two"));
  await lake.cloud.idle();
  assert.deepEqual(await lake.read(quarantine, `files/${key}/${first}`), Buffer.from("one"));
  assert.deepEqual(await lake.read(quarantine, `files/${key}/${second}`), Buffer.from("two"));
});
