// key-parameter: where its owner puts the key of a service that is not AWS's, which the program neither knows nor changes.

import * as aws from "@pulumi/aws";
import { noKey } from "../functions/model-key";
import type { Platform } from "../stage/platform";

export const keyParameter = (label: string, name: string, { key, protect, pipeline }: Platform): aws.ssm.Parameter =>
  new aws.ssm.Parameter(
    label,
    {
      name,
      type: "SecureString",
      // It says that there is none yet: no secret.
      valueWo: noKey,
      valueWoVersion: 1,
      ...(key ? { keyId: key.id } : {}),
      tags: { pipeline, dataClass: "internal" },
    },
    // What its owner has put stays.
    { protect, ignoreChanges: ["valueWo", "keyId"] },
  );
