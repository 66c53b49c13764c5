// picture-audit: the rows of a stage in the audit table, one per version of a picture.

import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Audit } from "../../schemas/audit";
import { writeAudit } from "../audit-row";

interface PictureVersion {
  readonly bucket: string;
  readonly key: string;
  readonly version: string;
  readonly requestId: string;
}

/** For a factory; gives what to call when work on a picture begins, and then when it ends. `outputs` are keys. */
export const pictureAudit =
  (dynamodb: DynamoDBClient, table: string, stage: string) =>
  ({ bucket, key, version, requestId }: PictureVersion) => {
    const startedAt = new Date().toISOString();
    return (outcome: Audit["outcome"], outputs: readonly string[], error?: Error & { readonly code: string }) =>
      writeAudit(
        { dynamodb, table },
        {
          object: `${bucket}/${key}`,
          versionAndStage: `${version}#${stage}`,
          stage,
          outcome,
          outputs: outputs.map((output) => `${bucket}/${output}`),
          // What was wrong at an earlier try is mended.
          error: error && { code: error.code, message: error.message },
          requestId,
          startedAt,
          endedAt: new Date().toISOString(),
        },
      );
  };
