import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { handClock } from "../../clock";
import { journal } from "../../door/journal";
import { logs } from "./logs";

const groupArn = "arn:aws:logs:eu-central-1:000000000000:log-group:/aws/lambda/clean";
const stream = "2026/01/01/[$LATEST]0123456789abcdef0123456789abcdef";

test("a line lies in the group's file with its time and its instance, JSON as it was written", (t) => {
  const { directory, write } = fixture(t);
  write('{"level":"INFO","message":"ready"}');

  const file = join(directory, "aws/lambda/clean.log");
  assert.equal(readFileSync(file, "utf8"), '2026-01-01T00:00:00.000Z 01234567 {"level":"INFO","message":"ready"}\n');
});

test("tail gives the last lines, oldest first, also of a log of many lines", (t) => {
  const { log, write } = fixture(t);
  for (let line = 0; line < 5_000; line += 1) write(`line ${line}`);

  assert.deepEqual(lastWords(log.tail("/aws/lambda/clean", 2)), ["4998", "4999"]);
  assert.equal(log.tail("/aws/lambda/clean", 4_000).length, 4_000);
  assert.deepEqual(log.tail("/aws/lambda/clean", 0), []);
  assert.deepEqual(log.tail("/aws/lambda/unknown", 2), []);
});

test("listen hears every line until it is stopped", (t) => {
  const { log, write } = fixture(t);
  const heard: string[] = [];
  const stop = log.listen(({ group, line }) => heard.push(`${group} ${line}`));
  write("one");
  stop();
  write("two");
  assert.deepEqual(heard, ["/aws/lambda/clean one"]);
});

test("a role without logs:PutLogEvents loses its lines, and the journal says so once", (t) => {
  const asked: string[] = [];
  const { log, record, write } = fixture(t, (name, arn) => {
    asked.push(`${name} ${arn}`);
    return false;
  });
  write("lost");
  log.open({ functionName: "clean", groupArn, stream })("lost too");

  assert.equal(asked[0], `clean ${groupArn}:log-stream:${stream}`);
  assert.deepEqual(log.tail("/aws/lambda/clean", 10), []);
  assert.deepEqual(
    record.entries.map(({ operation, principal, outcome }) => [operation, principal, outcome]),
    [["PutLogEvents", "clean", "AccessDeniedException"]],
  );
});

test("a group's name cannot lead out of the directory", (t) => {
  const { log } = fixture(t);
  for (const name of ["../outside", "/a/../../b", "a b", ""]) {
    assert.throws(() => log.tail(name, 1), { code: "InvalidParameterException" }, name);
  }
});

function fixture(t: TestContext, mayWrite: (functionName: string, arn: string) => boolean = () => true) {
  const directory = mkdtempSync(join(tmpdir(), "logs-"));
  const record = journal();
  const log = logs({ directory, clock: handClock(), journal: record, mayWrite });
  t.after(() => {
    log.end();
    rmSync(directory, { recursive: true });
  });
  return { directory, log, record, write: log.open({ functionName: "clean", groupArn, stream }) };
}

const lastWords = (lines: string[]) => lines.map((line) => line.split(" ").at(-1));
