// lake: from the shop's tables to what analysts query.
//
//   source database ──> export-tables ──> raw/{table}/*.parquet ──> raw-to-curated ──> curated/{table}/dt=.../{table}.parquet
//                          └──> watermarks: how far it has come          ├──> quarantine: bad rows, bad files
//                                                                        └──> audit: what came of each file

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { exportTables } from "../functions/lake/export-tables";
import { rawToCurated } from "../functions/lake/raw-to-curated";
import { DataBucket } from "../stage/data-bucket";
import type { Placement } from "../stage/placement";
import type { Platform } from "../stage/platform";
import type { Settings } from "./settings";

/** `network` is where the source database can be reached, where it is not reached over the internet. */
export function lake(base: Platform, network: Placement, settings: Settings) {
  const platform = { ...base, pipeline: "lake" };
  // Files as the shop exports them, card numbers and all, and so not for long.
  const raw = new DataBucket("raw", platform, {
    dataClass: "cardholder",
    expireAfterDays: settings.rawRetentionDays,
  });
  // Rows that passed, one version of each, nothing in them that must be hidden.
  const curated = new DataBucket("curated", platform, { dataClass: "internal" });
  // What did not pass. Bad files lie here as they came, card numbers and all, until somebody has looked.
  const quarantine = new DataBucket("quarantine", platform, {
    dataClass: "cardholder",
    expireAfterDays: settings.quarantineRetentionDays,
  });
  const cardKey = tokenKey(platform);

  const source = sourceSecret(platform);
  const watermarks = watermarkTable(platform);

  const exporting = exportTables({
    platform,
    raw,
    quarantine,
    source,
    watermarks,
    ...(settings.exportSchedule ? { every: settings.exportSchedule } : {}),
    ...(settings.sourceNetwork === "vpc" ? { placement: network } : {}),
  });
  rawToCurated({ platform, raw, curated, quarantine, cardKey });

  return { raw, curated, quarantine, source, exportTables: exporting };
}

/** Where its owner puts the connection string of the shop's database. The program neither knows the value nor changes it. */
const sourceSecret = ({ key, protect, pipeline }: Platform): aws.secretsmanager.Secret =>
  new aws.secretsmanager.Secret(
    "source-database",
    {
      description: "Connection string of the database that export-tables reads: postgres://... or mysql://...",
      tags: { pipeline, dataClass: "cardholder" },
      ...(key ? { kmsKeyId: key.arn } : {}),
    },
    { protect },
  );

/** How far the export of each table of each source has come; without it everything is exported once more. */
const watermarkTable = ({ key, protect, pipeline }: Platform): aws.dynamodb.Table =>
  new aws.dynamodb.Table(
    "export-watermarks",
    {
      billingMode: "PAY_PER_REQUEST",
      hashKey: "source",
      rangeKey: "table",
      attributes: [
        { name: "source", type: "S" },
        { name: "table", type: "S" },
      ],
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: key ? { enabled: true, kmsKeyArn: key.arn } : { enabled: true },
      deletionProtectionEnabled: protect,
      tags: { pipeline, dataClass: "internal" },
    },
    { protect, retainOnDelete: protect },
  );

/**
 * The key behind the card tokens, made by AWS and handed on to the secret, write-only. It stays as it is: a new one would
 * part every card's old tokens from its new ones.
 */
function tokenKey({ key, protect, pipeline }: Platform): aws.secretsmanager.Secret {
  const secret = new aws.secretsmanager.Secret(
    "card-token-key",
    {
      description: "HMAC key of the card tokens",
      tags: { pipeline, dataClass: "cardholder" },
      ...(key ? { kmsKeyId: key.arn } : {}),
    },
    { protect },
  );
  const { randomPassword } = aws.secretsmanager.getRandomPasswordOutput({
    passwordLength: 64,
    excludePunctuation: true,
  });
  new aws.secretsmanager.SecretVersion(
    "card-token-key",
    { secretId: secret.id, secretStringWo: pulumi.secret(randomPassword), secretStringWoVersion: 1 },
    { ignoreChanges: ["secretStringWo"], protect },
  );
  return secret;
}
