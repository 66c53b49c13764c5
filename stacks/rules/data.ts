// data: what is asked of what must not be lost or read - tables, secrets, keys - and of what outlives the program.

import { accountId } from "../../stage/evaluation/identities";
import { allows, list, opening, policyOf } from "./policy";
import { changed, input, ofType, type Resource, type Rule } from "./rule";

const isOwnKey = (key: unknown, resources: readonly Resource[]) =>
  ofType(resources, "kms/key").some(({ outputs }) => outputs.arn === key || outputs.keyId === key);

export const data: readonly Rule[] = [
  {
    ids: ["CKV_AWS_28", "AwsSolutions-DDB3"],
    says: "a table can be set back to any second of the last weeks",
    level: "M",
    of: ["dynamodb/table"],
    found: (table) => (input(table, "pointInTimeRecovery.enabled") === true ? undefined : "no point-in-time recovery"),
    remedy: "set pointInTimeRecovery.enabled",
    broken: (resources) => changed(resources, "dynamodb/table", { pointInTimeRecovery: { enabled: false } }),
  },
  {
    ids: ["awsguard:dynamodbTableEncryptionEnabled"],
    says: "a table is encrypted with a key whose use is logged",
    level: "M",
    of: ["dynamodb/table"],
    found: (table) => (input(table, "serverSideEncryption.enabled") === true ? undefined : "DynamoDB's own key"),
    remedy: "set serverSideEncryption.enabled",
    broken: (resources) => changed(resources, "dynamodb/table", { serverSideEncryption: { enabled: false } }),
  },
  {
    ids: ["CKV_AWS_119"],
    says: "a table is encrypted with the stack's own key and cannot be deleted in passing",
    level: "P",
    of: ["dynamodb/table"],
    found: (table, resources) => {
      const key = input(table, "serverSideEncryption.kmsKeyArn");
      if (!isOwnKey(key, resources)) return `its key is ${key}`;
      return table.inputs.deletionProtectionEnabled === true ? undefined : "no deletion protection";
    },
    remedy: "set serverSideEncryption.kmsKeyArn and deletionProtectionEnabled",
    broken: (resources) => changed(resources, "dynamodb/table", { deletionProtectionEnabled: false }),
  },
  {
    ids: ["own: secret in Secrets Manager"],
    says: "a secret's value is marked secret and kept out of the state",
    level: "M",
    of: ["secretsmanager/secretVersion"],
    found: ({ secrets, inputs: { secretString, secretBinary } }) => {
      if (secretString !== undefined || secretBinary !== undefined) return "a value that is written to the state";
      return secrets.length > 0 ? undefined : "a value that is not marked secret";
    },
    remedy: "give secretStringWo, and pulumi.secret(...)",
    broken: (resources) => changed(resources, "secretsmanager/secretVersion", { secretString: "hunter2" }),
  },
  {
    ids: ["CKV_AWS_149"],
    says: "a secret is encrypted with the stack's own key",
    level: "P",
    of: ["secretsmanager/secret"],
    found: ({ inputs: { kmsKeyId } }, resources) =>
      isOwnKey(kmsKeyId, resources) ? undefined : `its key is ${kmsKeyId}`,
    remedy: "set kmsKeyId to the platform's key",
    broken: (resources) => changed(resources, "secretsmanager/secret", { kmsKeyId: undefined }),
  },
  {
    ids: ["CKV_AWS_304", "CKV2_AWS_57", "AwsSolutions-SMG4"],
    says: "a secret is rotated",
    level: "P",
    of: ["secretsmanager/secret"],
    found: ({ outputs }, resources) =>
      ofType(resources, "secretsmanager/secretRotation").some(({ inputs }) => inputs.secretId === outputs.id)
        ? undefined
        : "no rotation",
    remedy: "give it an aws.secretsmanager.SecretRotation",
    broken: (resources) => resources,
  },
  {
    ids: ["CKV_AWS_7", "AwsSolutions-KMS5", "awsguard:cmkBackingKeyRotationEnabled"],
    says: "a key is rotated",
    level: "M",
    of: ["kms/key"],
    found: ({ inputs: { enableKeyRotation } }) => (enableKeyRotation === true ? undefined : "no rotation"),
    remedy: "set enableKeyRotation",
    broken: (resources) => changed(resources, "kms/key", { enableKeyRotation: false }),
  },
  {
    ids: ["CKV_AWS_33"],
    says: "a key is administered by its account and used by services on behalf of it alone",
    level: "M",
    of: ["kms/key"],
    found: (key) => {
      // kms:* for the account's root is KMS's own form of "as IAM policies of this account say"
      // (KMS Developer Guide, "Default key policy"). Nobody else gets a wildcard of that kind.
      const wide = allows(key).find(
        ({ Principal, Action }) =>
          list(Action).some((action) => ["kms:*", "*"].includes(action)) &&
          JSON.stringify(Principal) !== JSON.stringify({ AWS: `arn:aws:iam::${accountId}:root` }),
      );
      return wide ? `statement "${wide.Sid}" allows everything` : opening(key, accountId);
    },
    remedy: "name the principals, and for a service the source account or the encryption context",
    broken: (resources) =>
      changed(resources, "kms/key", {
        policy: policyOf({
          Sid: "Open",
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: "kms:Decrypt",
          Resource: "*",
        }),
      }),
  },
  {
    ids: ["own: data outlives the program"],
    says: "what holds data is protected, and stays when it is taken out of the program",
    level: "P",
    of: ["s3/bucket", "dynamodb/table", "secretsmanager/secret", "secretsmanager/secretVersion", "kms/key"],
    found: ({ inputs: { forceDestroy }, options: { protect } }) => {
      if (protect !== true) return "not protected";
      return forceDestroy === true ? "destroyed with everything in it" : undefined;
    },
    remedy: "pass { protect: platform.protect }, and forceDestroy: !platform.protect",
    broken: (resources) => changed(resources, "s3/bucket", {}, { protect: false }),
  },
  {
    ids: ["own: data is retained"],
    says: "a bucket or a table stays in the account when the program lets go of it",
    level: "P",
    of: ["s3/bucket", "dynamodb/table"],
    found: ({ options: { retainOnDelete } }) => (retainOnDelete === true ? undefined : "not retained"),
    remedy: "pass { retainOnDelete: platform.protect }",
    broken: (resources) => changed(resources, "dynamodb/table", {}, { retainOnDelete: false }),
  },
];
