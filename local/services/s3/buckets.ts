// buckets: what S3 tells about buckets. They are made by the deployment and never by a request.

import { answer, type Imitation, xmlAnswer } from "./context";
import { owner } from "./listing";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html
export const listBuckets: Imitation = (_request, s3) => ({
  needs: [{ action: "s3:ListAllMyBuckets", resource: "arn:aws:s3:::*" }],
  async run() {
    const buckets = s3.store.buckets();
    return xmlAnswer("ListAllMyBucketsResult", {
      Owner: owner(s3),
      Buckets: {
        Bucket: buckets.map(({ name, created }) => ({ Name: name, CreationDate: new Date(created).toISOString() })),
      },
    });
  },
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html
export const headBucket: Imitation = ({ bucket }, s3) => ({
  needs: [s3.need("s3:ListBucket", bucket)],
  run: async () => answer(200, { "x-amz-bucket-region": s3.region, "x-amz-access-point-alias": "false" }),
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html: us-east-1 is told as nothing at all.
export const getBucketLocation: Imitation = ({ bucket }, s3) => ({
  needs: [s3.need("s3:GetBucketLocation", bucket)],
  run: async () => xmlAnswer("LocationConstraint", { "#text": s3.region === "us-east-1" ? "" : s3.region }),
});

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketVersioning.html
export const getBucketVersioning: Imitation = ({ bucket }, s3) => ({
  needs: [s3.need("s3:GetBucketVersioning", bucket)],
  async run() {
    const { versioning } = s3.store.bucket(bucket);
    return xmlAnswer("VersioningConfiguration", { Status: versioning === "Off" ? undefined : versioning });
  },
});
