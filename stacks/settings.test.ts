import assert from "node:assert/strict";
import { test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { readSettings } from "./settings";

const good = {
  "aws:region": "eu-central-1",
  "tributary:architecture": "arm64",
  "tributary:nativePlatform": "linux",
  "tributary:protect": "false",
  "tributary:customerKey": "true",
  "tributary:accessLogs": "false",
  "tributary:accountConcurrency": "1000",
  "tributary:alarmEmail": "",
  "tributary:logLevel": "INFO",
  "tributary:logRetentionDays": "30",
  "tributary:rawRetentionDays": "7",
  "tributary:quarantineRetentionDays": "90",
  "tributary:historyFrom": "2020-01-01",
  "tributary:athenaScanLimitMb": "1000",
  "tributary:athenaAboveMb": "2000",
  "tributary:athenaResultsRetentionDays": "7",
  "tributary:claudeModel": "claude-haiku-5-5",
  "tributary:databaseClass": "db.t4g.micro",
  "tributary:databaseBackupDays": "7",
  "tributary:databaseMonitoring": "false",
  "tributary:multiAz": "false",
  "tributary:exportSchedule": "",
  "tributary:sourceNetwork": "vpc",
  "tributary:voyageModel": "voyage-3.5",
  "tributary:collectionsParameters": "/collections",
  "tributary:picturesAtOnce": "2",
  "tributary:apiRate": "50",
  "tributary:apiBurst": "100",
  "tributary:apiOrigins": "",
  "tributary:userThreatProtection": "false",
};

const read = (changes: Readonly<Record<string, string | undefined>> = {}) => {
  const entries = Object.entries({ ...good, ...changes }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  pulumi.runtime.setAllConfig(Object.fromEntries(entries));
  return readSettings();
};

test("readSettings() gives values, not texts", () => {
  const { protect, customerKey, logRetentionDays, alarmEmail } = read();
  assert.deepEqual([protect, customerKey, logRetentionDays, alarmEmail], [false, true, 30, undefined]);
});

test("readSettings() names the key, what is wrong with it and the command that sets it", () => {
  for (const [key, value, says] of [
    ["tributary:architecture", "x86", 'must be x86_64 or arm64, and it is "x86"'],
    ["tributary:protect", "yes", 'must be true or false, and it is "yes"'],
    ["tributary:logRetentionDays", "8", "must be one of 1, 3, 5, 7"],
    ["tributary:rawRetentionDays", "-1", "must be a whole number of days"],
    ["tributary:rawRetentionDays", "0", "must be at least 1"],
    ["tributary:claudeModel", "gpt", "must be a model of Anthropic"],
    ["tributary:databaseClass", "t4g.micro", "must be a class of RDS"],
    ["tributary:databaseBackupDays", "1", "must be at least 7"],
    ["tributary:alarmEmail", "nobody", "must be an e-mail address"],
    ["tributary:apiRate", "0", "must be at least 1"],
    ["tributary:apiOrigins", "*", "must be origins"],
    ["tributary:apiOrigins", "https://a.example,http://b.example", "must be origins"],
    ["tributary:apiOrigins", "https://a.example/", "must be origins"],
    ["tributary:logLevel", undefined, "is needed, and it is not set"],
    ["aws:region", undefined, "is needed, and it is not set"],
  ] as const) {
    assert.throws(
      () => read({ [key]: value }),
      (error: Error) => error.message.includes(says) && error.message.includes(`pulumi config set ${key} `),
      `${key} ${value}`,
    );
  }
});

test("readSettings() gives the origins of pages as a list, and none where none is set", () => {
  assert.equal(read().apiOrigins, undefined);
  const two = read({ "tributary:apiOrigins": "https://shop.example, https://localhost:5173" });
  assert.deepEqual(two.apiOrigins, ["https://shop.example", "https://localhost:5173"]);
});

test("readSettings() tells of every wrong key at once", () => {
  assert.throws(() => read({ "tributary:protect": "yes", "aws:region": undefined }), /tributary:protect.*aws:region/s);
});
