import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { handClock } from "../../clock";
import { journal } from "../../door/journal";
import { temporaryDirectory } from "../../temporary-directory";
import { mailbox } from "./mailbox";

const open = (directory = temporaryDirectory()) => ({
  directory,
  box: mailbox({ directory, clock: handClock(), journal: journal() }),
});

test("a mail is a file that a mail program reads", () => {
  const { box } = open();
  box.deliver({ to: "who@example.com", subject: "Feed", text: "ünd\n" }, "Müller & Co");
  assert.equal(
    readFileSync(box.mails[0]?.file ?? "", "utf8"),
    [
      "From: =?UTF-8?B?TcO8bGxlciAmIENv?= <no-reply@sns.amazonaws.com>",
      "To: who@example.com",
      "Subject: Feed",
      "Date: Thu, 01 Jan 2026 00:00:00 +0000",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=UTF-8",
      "Content-Transfer-Encoding: 8bit",
      "",
      "ünd",
      "",
    ].join("\r\n"),
  );
});

test("a mailbox that is opened again holds what it held, in order, whatever the texts are", () => {
  const { directory, box } = open();
  const texts = ["", "two\n\nparagraphs\n", "To: you\n\nnot a header", `one line: ${"ü".repeat(5_000)}`];
  for (let i = 0; i < 12; i += 1) {
    box.deliver({ to: "who@example.com", subject: `${i}`, text: texts[i % texts.length] ?? "" }, "Tributary");
  }
  assert.deepEqual(open(directory).box.mails, box.mails);
  const longest = readFileSync(box.mails[3]?.file ?? "", "utf8").split("\r\n");
  assert.ok(longest.every((line) => Buffer.byteLength(line) <= 998));
});

test("an address names a file in the mailbox and nowhere else", () => {
  const { directory, box } = open();
  for (const local of ["../../up", "a/b", "x".repeat(64)]) {
    box.deliver({ to: `${local}@${"long.".repeat(50)}example`, subject: "Feed", text: "" }, "Tributary");
  }
  for (const { file } of box.mails) assert.equal(file.slice(0, file.lastIndexOf("/")), directory);
});
