// rds: what is asked of every database.

import { changed, input, ofType, type Resource, type Rule, texts } from "./rule";

const instance = ["rds/instance"];

const isOwnKey = (key: unknown, resources: readonly Resource[]) =>
  ofType(resources, "kms/key").some(({ outputs }) => outputs.arn === key);

const other = (inputs: Readonly<Record<string, unknown>>) => (resources: readonly Resource[]) =>
  changed(resources, "rds/instance", inputs);

export const rds: readonly Rule[] = [
  {
    ids: ["CKV_AWS_17", "AwsSolutions-RDS8", "awsguard:rdsInstancePublicAccess"],
    says: "a database is not public, and a group of its own stands before it",
    level: "M",
    of: instance,
    found: ({ inputs: { publiclyAccessible, vpcSecurityGroupIds, dbSubnetGroupName } }, resources) => {
      if (publiclyAccessible !== false) return `publiclyAccessible is ${publiclyAccessible}`;
      if (dbSubnetGroupName === undefined) return "it stands in the account's default network";
      const groups = ofType(resources, "ec2/securityGroup").map(({ outputs }) => outputs.id);
      const own = texts(vpcSecurityGroupIds);
      return own.length > 0 && own.every((id) => groups.includes(id)) ? undefined : `its groups are ${own}`;
    },
    remedy: "set publiclyAccessible to false, dbSubnetGroupName and vpcSecurityGroupIds",
    broken: other({ publiclyAccessible: true }),
  },
  {
    ids: ["own: two zones"],
    says: "a database's subnets lie in two zones",
    level: "M",
    of: ["rds/subnetGroup"],
    found: ({ inputs: { subnetIds } }) => (texts(subnetIds).length >= 2 ? undefined : `it has ${texts(subnetIds)}`),
    remedy: "give it the network's subnets",
    broken: (resources) => changed(resources, "rds/subnetGroup", { subnetIds: ["subnet-1"] }),
  },
  {
    ids: ["CKV_AWS_16", "AwsSolutions-RDS2", "awsguard:rdsStorageEncrypted"],
    says: "a database is encrypted",
    level: "M",
    of: instance,
    found: ({ inputs: { storageEncrypted } }) => (storageEncrypted === true ? undefined : "no encryption"),
    remedy: "set storageEncrypted",
    broken: other({ storageEncrypted: false }),
  },
  {
    ids: ["CKV_AWS_354", "own: key of a database"],
    says: "a database, its secret and its measurements are encrypted with the stack's own key",
    level: "P",
    of: instance,
    found: ({ inputs }, resources) =>
      ["kmsKeyId", "masterUserSecretKmsKeyId", "performanceInsightsKmsKeyId"]
        .filter((key) => !isOwnKey(inputs[key], resources))
        .map((key) => `${key} is ${inputs[key]}`)[0],
    remedy: "give the platform's key for all three",
    broken: other({ masterUserSecretKmsKeyId: undefined }),
  },
  {
    ids: ["CKV2_AWS_69"],
    says: "a database takes encrypted connections only",
    level: "M",
    of: instance,
    found: (database, resources) => {
      const group = ofType(resources, "rds/parameterGroup").find(
        ({ outputs }) => outputs.name === database.inputs.parameterGroupName,
      );
      const parameters = (group?.inputs.parameters ?? []) as readonly { name: string; value: string }[];
      const forced = parameters.find(({ name }) => name === "rds.force_ssl")?.value;
      return forced === "1" ? undefined : `rds.force_ssl is ${forced}`;
    },
    remedy: "give it a parameter group with rds.force_ssl = 1",
    broken: (resources) => changed(resources, "rds/parameterGroup", { parameters: [] }),
  },
  {
    ids: ["own: engine of the parameters"],
    says: "a parameter group is of the version that the database runs",
    level: "M",
    of: ["rds/parameterGroup"],
    found: ({ inputs: { family }, outputs: { name } }, resources) => {
      const users = ofType(resources, "rds/instance").filter(({ inputs }) => inputs.parameterGroupName === name);
      const wrong = users.find(({ inputs }) => family !== `postgres${String(inputs.engineVersion).split(".")[0]}`);
      return wrong && `family ${family} for version ${wrong.inputs.engineVersion}`;
    },
    remedy: "change family and engineVersion together",
    broken: (resources) => changed(resources, "rds/parameterGroup", { family: "postgres15" }),
  },
  {
    ids: ["CKV_AWS_133", "AwsSolutions-RDS13", "awsguard:rdsInstanceBackupEnabled"],
    says: "a database can be set back to any second of a week or more",
    level: "M",
    of: instance,
    found: ({ inputs: { backupRetentionPeriod: days } }) => (Number(days) >= 7 ? undefined : `backups of ${days} days`),
    remedy: "set backupRetentionPeriod to 7 or more",
    broken: other({ backupRetentionPeriod: 1 }),
  },
  {
    ids: ["CKV2_AWS_60"],
    says: "a snapshot of a database has its tags",
    level: "M",
    of: instance,
    found: ({ inputs: { copyTagsToSnapshot } }) => (copyTagsToSnapshot === true ? undefined : "snapshots without tags"),
    remedy: "set copyTagsToSnapshot",
    broken: other({ copyTagsToSnapshot: false }),
  },
  {
    ids: ["CKV_AWS_226"],
    says: "a database gets minor versions by itself, and none at the price of extended support",
    level: "M",
    of: instance,
    found: ({ inputs: { autoMinorVersionUpgrade, engineLifecycleSupport } }) => {
      if (autoMinorVersionUpgrade !== true) return "no minor upgrades";
      const free = engineLifecycleSupport === "open-source-rds-extended-support-disabled";
      return free ? undefined : "extended support, which is paid by the hour";
    },
    remedy: "set autoMinorVersionUpgrade, and engineLifecycleSupport to open-source-rds-extended-support-disabled",
    broken: other({ autoMinorVersionUpgrade: false }),
  },
  {
    ids: ["own: version with vectors"],
    says: "a database is a PostgreSQL that has the extension vector",
    level: "M",
    of: instance,
    found: ({ inputs: { engine, engineVersion } }) => {
      const [major = 0, minor] = String(engineVersion).split(".").map(Number);
      // From 15.2 and 14.8 on (pgvector 0.4 on RDS); a major version alone is its newest.
      const has = engine === "postgres" && (major > 15 || (major === 15 && (minor ?? 2) >= 2));
      return has ? undefined : `${engine} ${engineVersion}`;
    },
    remedy: "set engine to postgres and engineVersion to 16 or later",
    broken: other({ engineVersion: "13" }),
  },
  {
    ids: ["own: password of RDS"],
    says: "a database's password is made, kept and changed by RDS",
    level: "M",
    of: instance,
    found: ({ inputs: { manageMasterUserPassword, password, passwordWo } }) =>
      manageMasterUserPassword === true && password === undefined && passwordWo === undefined
        ? undefined
        : "a password of the program",
    remedy: "set manageMasterUserPassword",
    broken: other({ manageMasterUserPassword: false, password: "hunter2" }),
  },
  {
    ids: ["CKV_AWS_211"],
    says: "a database shows a certificate of a current authority",
    level: "M",
    of: instance,
    found: ({ inputs: { caCertIdentifier } }) =>
      /^rds-ca-(rsa2048|rsa4096|ecc384)-g1$/.test(String(caCertIdentifier))
        ? undefined
        : `it is of ${caCertIdentifier}`,
    remedy: "set caCertIdentifier to rds-ca-rsa2048-g1",
    broken: other({ caCertIdentifier: "rds-ca-2019" }),
  },
  {
    ids: ["CKV_AWS_161"],
    says: "a database can be entered with a role of IAM",
    level: "M",
    of: instance,
    found: ({ inputs: { iamDatabaseAuthenticationEnabled } }) =>
      iamDatabaseAuthenticationEnabled === true ? undefined : "passwords only",
    remedy: "set iamDatabaseAuthenticationEnabled",
    broken: other({ iamDatabaseAuthenticationEnabled: false }),
  },
  {
    ids: ["CKV_AWS_129"],
    says: "a database's log goes to a group of the program, which forgets after a while",
    level: "M",
    of: instance,
    found: ({ inputs: { enabledCloudwatchLogsExports, identifier } }, resources) => {
      if (!texts(enabledCloudwatchLogsExports).includes("postgresql")) return "its log is not exported";
      const name = `/aws/rds/instance/${identifier}/postgresql`;
      const group = ofType(resources, "cloudwatch/logGroup").find(({ outputs }) => outputs.name === name);
      return Number(group?.inputs.retentionInDays) > 0 ? undefined : `${name} would be made by RDS, without retention`;
    },
    remedy: "set enabledCloudwatchLogsExports, and make its log group first",
    broken: other({ identifier: "other" }),
  },
  {
    ids: ["CKV_AWS_293", "AwsSolutions-RDS10"],
    says: "a database cannot be deleted in passing, and leaves a snapshot when it is",
    level: "P",
    of: instance,
    found: ({ inputs: { deletionProtection, skipFinalSnapshot, finalSnapshotIdentifier, deleteAutomatedBackups } }) => {
      if (deletionProtection !== true) return "no deletion protection";
      if (skipFinalSnapshot !== false || finalSnapshotIdentifier === undefined) return "no final snapshot";
      return deleteAutomatedBackups === false ? undefined : "its backups go with it";
    },
    remedy:
      "set deletionProtection, finalSnapshotIdentifier, and skipFinalSnapshot and deleteAutomatedBackups to false",
    broken: other({ skipFinalSnapshot: true }),
  },
  {
    ids: ["own: a database outlives the program"],
    says: "a database is protected, and stays when it is taken out of the program",
    level: "P",
    of: instance,
    found: ({ options: { protect, retainOnDelete } }) => {
      if (protect !== true) return "not protected";
      return retainOnDelete === true ? undefined : "not retained";
    },
    remedy: "pass { protect: platform.protect, retainOnDelete: platform.protect }",
    broken: (resources) => changed(resources, "rds/instance", {}, { protect: false }),
  },
  {
    ids: ["CKV_AWS_157", "AwsSolutions-RDS3", "awsguard:rdsInstanceMultiAZEnabled"],
    says: "a database has a second one in another zone",
    level: "P",
    of: instance,
    found: ({ inputs: { multiAz } }) => (multiAz === true ? undefined : "it stands in one zone"),
    remedy: "set tributary:multiAz",
    broken: other({ multiAz: false }),
  },
  {
    ids: ["CKV_AWS_118", "CKV_AWS_353"],
    says: "a database's statements and the system under it are measured",
    level: "P",
    of: instance,
    found: ({ inputs: { monitoringInterval, monitoringRoleArn, performanceInsightsEnabled } }) => {
      if (performanceInsightsEnabled !== true) return "no performance insights";
      return Number(monitoringInterval) > 0 && monitoringRoleArn !== undefined ? undefined : "no enhanced monitoring";
    },
    remedy: "set tributary:databaseMonitoring",
    broken: other({ monitoringInterval: 0 }),
  },
  {
    ids: ["AWS production checklist: alarm on storage"],
    says: "somebody is told before a database is full",
    level: "M",
    of: instance,
    found: (database, resources) =>
      ofType(resources, "cloudwatch/metricAlarm").some(
        (alarm) =>
          alarm.inputs.metricName === "FreeStorageSpace" &&
          input(alarm, "dimensions.DBInstanceIdentifier") === database.outputs.identifier,
      )
        ? undefined
        : "no alarm on FreeStorageSpace",
    remedy: "make an alarm on AWS/RDS FreeStorageSpace",
    broken: (resources) => resources.filter(({ inputs }) => inputs.metricName !== "FreeStorageSpace"),
  },
];
