// lake: from the shop's tables to what analysts query.
//
//   raw/{table}/*.parquet ──> raw-to-curated ──> curated/{table}/dt=.../{table}.parquet
//                                   ├──> quarantine: bad rows, bad files
//                                   └──> audit: what came of each file

import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { rawToCurated } from "../functions/lake/raw-to-curated";
import { DataBucket } from "../stage/data-bucket";
import type { Platform } from "../stage/platform";
import type { Settings } from "./settings";

export function lake(base: Platform, settings: Settings) {
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

  rawToCurated({ platform, raw, curated, quarantine, cardKey });

  return { raw, curated, quarantine };
}

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
