// bucket-fixture: a server that stands where S3 does, with objects that are there: it heads, lists and deletes.

import { type Answered, type Sent, s3Error, standIn } from "../aws-fixture";

export interface StoredObject {
  readonly version: string;
  /** A time of ISO 8601. */
  readonly uploadedAt: string;
}

/** `objects` by their keys may be changed between requests, and which method is refused. */
export async function imagesBucket() {
  const objects = new Map<string, StoredObject>();
  const refusing: { method?: string } = {};
  const server = await standIn((sent) =>
    sent.method === refusing.method ? s3Error(403, "AccessDenied") : answerOf(objects, sent),
  );
  return {
    objects,
    refusing,
    seen: server.seen,
    put: (key: string, version = "v1", uploadedAt = "2026-03-01T10:00:00Z") =>
      objects.set(key, { version, uploadedAt }),
    end: server.end,
  };
}

function answerOf(objects: Map<string, StoredObject>, { method, path, query }: Sent): Answered {
  // Behind the name of the bucket.
  const key = decodeURIComponent(path).split("/").slice(2).join("/");
  if (method === "GET") return listed(objects, query.get("prefix") ?? "");
  if (method === "DELETE") {
    objects.delete(key);
    return { status: 204 };
  }
  const object = objects.get(key);
  if (object === undefined) return { ...s3Error(404, "NotFound"), body: "" };
  const { version, uploadedAt } = object;
  return {
    status: 200,
    headers: { "x-amz-version-id": version, "last-modified": new Date(uploadedAt).toUTCString() },
  };
}

const listed = (objects: Map<string, StoredObject>, prefix: string): Answered => ({
  status: 200,
  headers: { "content-type": "application/xml" },
  body: `<ListBucketResult>${[...objects]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, { uploadedAt }]) => `<Contents><Key>${key}</Key><LastModified>${uploadedAt}</LastModified></Contents>`)
    .join("")}</ListBucketResult>`,
});
