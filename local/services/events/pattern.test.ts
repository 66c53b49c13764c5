import assert from "node:assert/strict";
import { test } from "node:test";
import { readPattern } from "./pattern";

type Event = Readonly<Record<string, unknown>>;

const matches = (pattern: unknown, event: Event): boolean => readPattern(JSON.stringify(pattern))(event);

const event = {
  source: "aws.s3",
  account: "123456789012",
  detail: {
    key: "curated/orders/dt=2026-01-01/orders.parquet",
    state: "Running",
    size: 30,
    empty: "",
    nothing: null,
    done: false,
    ip: "10.0.3.7",
    tags: ["red", "green"],
    parts: [
      { name: "a", size: 1 },
      { name: "b", size: 2, last: true },
    ],
  },
};

/** What matches `event`, and what does not, for each operator; of the AWS documentation where it has an example. */
const operators: Readonly<Record<string, { yes: Event[]; no: Event[] }>> = {
  "an exact value": {
    yes: [{ state: ["Running"] }, { size: [30] }, { done: [false] }, { empty: [""] }, { nothing: [null] }],
    no: [{ state: ["running"] }, { size: ["30"] }, { empty: [null] }, { nothing: [""] }, { missing: [null] }],
  },
  "one of several values": { yes: [{ state: ["x", "Running"] }], no: [{ state: ["x", "y"] }] },
  prefix: {
    yes: [{ key: [{ prefix: "curated/orders/" }] }, { state: [{ prefix: { "equals-ignore-case": "rUN" } }] }],
    no: [{ key: [{ prefix: "urated" }] }, { size: [{ prefix: "3" }] }, { missing: [{ prefix: "" }] }],
  },
  suffix: {
    yes: [{ key: [{ suffix: ".parquet" }] }, { key: [{ suffix: { "equals-ignore-case": ".PARQUET" } }] }],
    no: [{ key: [{ suffix: ".csv" }] }],
  },
  "equals-ignore-case": {
    yes: [{ state: [{ "equals-ignore-case": "RUNNING" }] }],
    no: [{ state: [{ "equals-ignore-case": "RUN" }] }],
  },
  wildcard: {
    yes: [{ key: [{ wildcard: "curated/*/dt=*/*.parquet" }] }, { state: [{ wildcard: "Run*" }] }],
    no: [{ key: [{ wildcard: "*.csv" }] }, { state: [{ wildcard: "Run.*" }] }, { state: [{ wildcard: "Run\\*" }] }],
  },
  numeric: {
    yes: [{ size: [{ numeric: [">", 0, "<=", 30] }] }, { size: [{ numeric: ["=", 3e1] }] }],
    no: [{ size: [{ numeric: ["<", 30] }] }, { key: [{ numeric: [">", 0] }] }],
  },
  cidr: {
    yes: [{ ip: [{ cidr: "10.0.0.0/22" }] }],
    no: [{ ip: [{ cidr: "10.0.0.0/24" }] }, { ip: [{ cidr: "::/0" }] }, { state: [{ cidr: "0.0.0.0/0" }] }],
  },
  exists: {
    yes: [{ state: [{ exists: true }] }, { missing: [{ exists: false }] }, { no: { such: [{ exists: false }] } }],
    no: [{ missing: [{ exists: true }] }, { nothing: [{ exists: false }] }, { parts: [{ exists: true }] }],
  },
  "anything-but": {
    yes: [
      { state: [{ "anything-but": "Stopped" }] },
      { state: [{ "anything-but": ["Stopped", "Failed"] }] },
      { size: [{ "anything-but": 31 }] },
      { key: [{ "anything-but": { prefix: "raw/" } }] },
      { key: [{ "anything-but": { suffix: [".csv", ".json"] } }] },
      { key: [{ "anything-but": { wildcard: "*/lib/*" } }] },
      { key: [{ "anything-but": { wildcard: ["*/lib/*", "*/thumbnails/*", "*.png\\*"] } }] },
      { state: [{ "anything-but": { "equals-ignore-case": ["stopped"] } }] },
    ],
    no: [
      { state: [{ "anything-but": "Running" }] },
      { state: [{ "anything-but": ["Stopped", "Running"] }] },
      { size: [{ "anything-but": [30, 31] }] },
      { key: [{ "anything-but": { prefix: ["raw/", "curated/"] } }] },
      { state: [{ "anything-but": { "equals-ignore-case": "running" } }] },
      { key: [{ "anything-but": { wildcard: ["*/lib/*", "*/orders/*"] } }] },
      { missing: [{ "anything-but": "x" }] },
    ],
  },
  $or: {
    yes: [{ $or: [{ state: ["x"] }, { size: [30] }] }, { $or: [{ state: ["Running"] }, { size: [1] }], done: [false] }],
    no: [{ $or: [{ state: ["x"] }, { size: [31] }] }, { $or: [{ state: ["Running"] }, { size: [1] }], done: [true] }],
  },
  "a list of values": { yes: [{ tags: ["green"] }, { tags: [{ prefix: "r" }] }], no: [{ tags: ["blue"] }] },
  "a list of objects, one of which must meet everything": {
    yes: [{ parts: { name: ["b"], size: [2] } }, { parts: { name: ["b"], last: [{ exists: true }] } }],
    no: [{ parts: { name: ["a"], size: [2] } }, { parts: { name: ["a"], last: [{ exists: false }] } }],
  },
};
for (const [name, { yes, no }] of Object.entries(operators)) {
  test(`${name} matches what EventBridge matches`, () => {
    for (const detail of yes) assert.ok(matches({ detail }, event), JSON.stringify(detail));
    for (const detail of no) assert.ok(!matches({ detail }, event), JSON.stringify(detail));
  });
}

test("every field of a pattern must match, and a pattern says nothing of the others", () => {
  assert.ok(matches({ source: ["aws.s3"], detail: { size: [30] } }, event));
  assert.ok(!matches({ source: ["aws.ec2"], detail: { size: [30] } }, event));
});

test("escaped wildcards stand for themselves", () => {
  assert.ok(matches({ name: [{ wildcard: "a\\*b\\\\*" }] }, { name: "a*b\\c" }));
  assert.ok(!matches({ name: [{ wildcard: "a\\*b\\\\*" }] }, { name: "axb\\c" }));
});

const refused: readonly (readonly [unknown, RegExp])[] = [
  [{ a: [{ regexp: ".*" }] }, /Unrecognized match type regexp at "a"/],
  [{ a: { b: [{ constructor: 1 }] } }, /Unrecognized match type constructor at "a.b"/],
  [{ a: [{ "anything-but": { numeric: [">", 1] } }] }, /Unsupported anything-but type numeric/],
  [{ a: [{ "anything-but": [true] }] }, /Inside anything-but list/],
  [{ a: [{ prefix: 1 }] }, /prefix match pattern at "a" must be a string/],
  [{ a: [{ prefix: { suffix: "x" } }] }, /Unrecognized prefix type suffix/],
  [{ a: [{ prefix: "x", suffix: "y" }] }, /Only one key allowed/],
  [{ a: [{ numeric: [">"] }] }, /Invalid numeric match/],
  [{ a: [{ numeric: ["!", 1] }] }, /Unrecognized numeric range ! 1/],
  [{ a: [{ numeric: [">", 5_000_000_001] }] }, /Unrecognized numeric range/],
  [{ a: [{ cidr: "10.0.0.0/33" }] }, /Malformed CIDR/],
  [{ a: [{ wildcard: "a**b" }] }, /Consecutive wildcard/],
  [{ a: [{ wildcard: "a\\b" }] }, /Invalid escape/],
  [{ a: [{ exists: "yes" }] }, /Unrecognized match type exists/],
  [{ $or: [{ a: ["x"] }] }, /\$or must be an array of at least two/],
  [{ a: ["x"], $or: [{ a: ["y"] }, { b: ["z"] }] }, /"a" stands in an \$or and beside it/],
  [{ a: { b: ["x"] }, $or: [{ c: ["y"] }, { a: { b: ["z"] } }] }, /"a\.b" stands in an \$or and beside it/],
  [{ a: [{ wildcard: "*a*b" }, { "anything-but": { wildcard: ["*c*", "*d*e*"] } }] }, /Rule is too complex/],
  [{ a: [] }, /Empty arrays are not allowed/],
  [{ a: {} }, /Empty objects are not allowed/],
  [{}, /Empty objects are not allowed/],
  [{ a: "x" }, /"a" must be an object or an array/],
  [{ a: [["x"]] }, /"a" holds an array in an array/],
  [{ a: ["x".repeat(2_048)] }, /2058 characters, and 2048 are allowed/],
  [[], /Filter is not an object/],
];

test("what EventBridge does not understand is refused by name", () => {
  for (const [pattern, message] of refused) {
    assert.throws(() => matches(pattern, event), { code: "InvalidEventPatternException", message }, String(message));
  }
  assert.throws(() => readPattern("{"), { code: "InvalidEventPatternException" });
});
