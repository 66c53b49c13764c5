// errors: S3's errors, in S3's words.

import { randomBytes } from "node:crypto";
import { type AwsError, awsError } from "../../door/service";

/** What S3 says beside code and message, as elements of the error (`Key`, `BucketName`) or headers of the answer. */
export interface More {
  readonly details?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export type S3Error = AwsError & More;

export const s3Error = (code: string, message: string, status = 400, more: More = {}): S3Error =>
  Object.assign(awsError(code, message, status), more);

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
export const noSuchBucket = (bucket: string) =>
  s3Error("NoSuchBucket", "The specified bucket does not exist", 404, { details: { BucketName: bucket } });

export const noSuchKey = (key: string, headers: Readonly<Record<string, string>> = {}) =>
  s3Error("NoSuchKey", "The specified key does not exist.", 404, { details: { Key: key }, headers });

export const noSuchVersion = (key: string, versionId: string) =>
  s3Error("NoSuchVersion", "The specified version does not exist.", 404, {
    details: { Key: key, VersionId: versionId },
  });

export const noSuchUpload = (uploadId: string) =>
  s3Error(
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
    404,
    { details: { UploadId: uploadId } },
  );

export const preconditionFailed = (condition: string) =>
  s3Error("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412, {
    details: { Condition: condition },
  });

export const invalidArgument = (message: string, name: string, value: string) =>
  s3Error("InvalidArgument", message, 400, { details: { ArgumentName: name, ArgumentValue: value } });

export const malformedXml = () =>
  s3Error("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");

export const invalidRequest = (message: string) => s3Error("InvalidRequest", message);

export const incompleteBody = () =>
  s3Error("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.");

/** Refuses by name what S3 can do and this one cannot. */
export const notImplemented = (what: string) =>
  s3Error("NotImplemented", `A header you provided implies functionality that is not implemented: ${what}`, 501, {
    details: { Header: what },
  });

export const requestIds = () => ({
  "x-amz-request-id": randomBytes(8).toString("hex").toUpperCase(),
  "x-amz-id-2": randomBytes(48).toString("base64"),
});
