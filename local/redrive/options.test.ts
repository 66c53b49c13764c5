import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "./options";

const plain = { ids: [], all: false, yes: false, json: false };

test("readOptions() takes a command with what belongs to it", () => {
  assert.deepEqual(readOptions([]), { command: "list", ...plain });
  assert.deepEqual(readOptions(["list", "--queue", "painter", "--json"]), {
    command: "list",
    ...plain,
    queue: "painter",
    json: true,
  });
  assert.deepEqual(readOptions(["show", "1a2b", "--stack", "prod"]), {
    command: "show",
    ...plain,
    ids: ["1a2b"],
    stack: "prod",
  });
  assert.deepEqual(readOptions(["redrive", "--all", "--wait", "0"]), {
    command: "redrive",
    ...plain,
    all: true,
    wait: 0,
  });
  assert.deepEqual(readOptions(["drop", "1a2b", "3c4d5e6f-", "--yes"]), {
    command: "drop",
    ...plain,
    ids: ["1a2b", "3c4d5e6f-"],
    yes: true,
  });
  assert.equal(readOptions(["redrive", "--help"]), undefined);
});

test("readOptions() refuses what does not belong together, and says why", () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["delete 1a2b", /^Cannot delete: list, show/],
    ["list 1a2b", /^Cannot list "1a2b"/],
    ["show", /^Which letter/],
    ["show 1a2b 3c4d", /^Which letter/],
    ["redrive", /^Which letters\? redrive ID/],
    ["redrive 1a2b --all", /^Cannot take --all/],
    ["drop --all --yes", /^Cannot take --all/],
    ["drop --yes", /^Which letters\? drop ID/],
    ["show 1a", /^Cannot find "1a"/],
    ["show xyz12", /^Cannot find "xyz12"/],
    ["list --stack prod --data .", /--stack and --data at once/],
    ["redrive --all --wait soon", /^Cannot take --wait "soon"/],
    ["list --colour", /^Cannot read the options: .*--colour/],
  ];
  for (const [words, message] of refused) {
    assert.throws(() => readOptions(words.split(" ")), { name: "UsageError", message }, words);
  }
});
