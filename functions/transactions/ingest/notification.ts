// notification: what a seller is told of a feed. A program reads JSON, a person a few lines.

import type { Upload } from "./upload-row";

export interface Told {
  /** The address of the HTTP API. */
  readonly api: string;
  /** Missing where the key of the feed names none. */
  readonly seller?: string;
  readonly uploadId: string;
  readonly file: string;
  readonly upload: Upload;
  /** `s3://bucket/key` of the rejected rows, or of the failed feed. */
  readonly rejected?: string;
  /** The error that the feed was to correct, and whether it has. */
  readonly corrects?: string;
  readonly resolved?: boolean;
}

/** The input of SNS's Publish, but for the topic. Subscribers may filter by `seller` and `outcome`. */
export function notificationOf(told: Told) {
  const { seller, upload } = told;
  const texts = { default: JSON.stringify(messageOf(told)), email: letterOf(told) };
  const attribute = (StringValue: string) => ({ DataType: "String", StringValue });
  return {
    Subject: subjectOf(told),
    Message: JSON.stringify(texts),
    MessageStructure: "json",
    MessageAttributes: {
      outcome: attribute(upload.outcome),
      ...(seller === undefined ? {} : { seller: attribute(seller) }),
    },
  };
}

function messageOf({ seller, uploadId, file, upload, rejected, corrects, resolved }: Told) {
  const { outcome, rowsIn, rowsAccepted, rowsDuplicate, rowsRejected, errorId, error, processedAt } = upload;
  const rows = { in: rowsIn, accepted: rowsAccepted, duplicate: rowsDuplicate, rejected: rowsRejected };
  return { outcome, seller, uploadId, file, rows, errorId, error, rejected, corrects, resolved, processedAt };
}

const outcomes = {
  processed: "processed",
  processed_with_rejects: "processed, some rows rejected",
  failed: "failed",
} as const;

/** SNS takes fewer than 100 characters of ASCII, and no line breaks (API reference, Publish). */
function subjectOf({ file, upload }: Told): string {
  const name = file.replaceAll(/[^\x20-\x7e]/g, "?");
  return `${outcomes[upload.outcome]}: ${name.length > 60 ? `${name.slice(0, 57)}...` : name}`;
}

function letterOf({ api, file, uploadId, upload, corrects, resolved }: Told): string {
  const { rowsIn, rowsAccepted, rowsDuplicate, rowsRejected, errorId, error } = upload;
  const lines = [
    `Your feed "${file}" (upload ${uploadId}) was ${outcomes[upload.outcome]}.`,
    ...(error === undefined
      ? [`${rowsIn} rows: ${rowsAccepted} taken, ${rowsDuplicate} there already, ${rowsRejected} rejected.`]
      : [`${error.message} (${error.code})`]),
    ...correctionLines(corrects, resolved, upload),
    ...(errorId === undefined
      ? []
      : [
          "",
          `What is wrong, and where the rejected rows lie: GET ${api}/api/errors/${errorId}`,
          `When they are corrected: POST ${api}/api/errors/${errorId}/reprocess`,
        ]),
  ];
  return lines.join("\n");
}

function correctionLines(corrects: string | undefined, resolved: boolean | undefined, { outcome }: Upload): string[] {
  if (corrects === undefined || outcome !== "processed") return [];
  if (resolved) return [`Error ${corrects} is resolved by it.`];
  return [`Error ${corrects} stays open: more of its rows were rejected than came now. Send all of them in one file.`];
}
