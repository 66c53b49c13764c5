// delete: DeleteObject and DeleteObjects.

import { type Caller, isAwsError, type Need } from "../../door/service";
import type { Preconditions } from "./conditions";
import { accessDenied, answer, type Context, type Imitation, versionHeaders, xmlAnswer } from "./context";
import { malformedXml } from "./errors";
import { versionIdOf } from "./objects";
import { receiveText, requireIntegrity } from "./receive";
import type { Removal } from "./store";
import { parseXml, textOf } from "./xml";

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
export const deleteObject: Imitation = (request, s3) => {
  const { bucket, key } = request;
  const versionId = versionIdOf(request.query("versionId"));
  const conditions = { ifMatch: request.header("if-match") };
  return {
    needs: needsOf(bucket, key, versionId, conditions, s3),
    async run(caller) {
      const { removed, marker } = remove(bucket, key, versionId, conditions, s3, caller);
      const version = marker ?? (versionId === undefined ? undefined : removed);
      const headers: Record<string, string> = version?.marker ? { "x-amz-delete-marker": "true" } : {};
      if (versionId !== undefined) headers["x-amz-version-id"] = versionId;
      return answer(204, { ...headers, ...(version === undefined ? {} : versionHeaders(s3, version)) });
    },
  };
};

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html: every key is permitted or refused by itself.
export const deleteObjects: Imitation = (request, s3) => ({
  needs: [],
  async run(caller) {
    const { bucket } = request;
    const received = await receiveText(request, caller, "of body");
    requireIntegrity(request, received);
    const root = parseXml(received.text, "Delete");
    const objects = root.children.Object ?? [];
    if (objects.length === 0 || objects.length > 1000) throw malformedXml();
    const quiet = textOf(root, "Quiet")?.trim() === "true";

    const deleted = [];
    const errors = [];
    for (const object of objects) {
      const key = textOf(object, "Key");
      if (!key) throw malformedXml();
      const named = textOf(object, "VersionId");
      try {
        const versionId = versionIdOf(named || undefined);
        const conditions = { ifMatch: textOf(object, "ETag") };
        for (const need of needsOf(bucket, key, versionId, conditions, s3))
          if (!caller.may(need)) throw accessDenied(caller, need);
        const removal = remove(bucket, key, versionId, conditions, s3, caller);
        deleted.push({ Key: key, VersionId: versionId, ...markerElements(removal, versionId) });
      } catch (error) {
        if (!isAwsError(error)) throw error;
        errors.push({ Key: key, VersionId: named, Code: error.code, Message: error.message });
      }
    }
    return xmlAnswer("DeleteResult", { Deleted: quiet ? [] : deleted, Error: errors });
  },
});

function needsOf(
  bucket: string,
  key: string,
  versionId: string | undefined,
  { ifMatch }: Preconditions,
  s3: Context,
): Need[] {
  const remove =
    versionId === undefined
      ? s3.need("s3:DeleteObject", bucket, key)
      : s3.need("s3:DeleteObjectVersion", bucket, key, { "s3:versionid": versionId });
  return ifMatch === undefined ? [remove] : [remove, s3.need("s3:GetObject", bucket, key)];
}

function remove(
  bucket: string,
  key: string,
  versionId: string | undefined,
  conditions: Preconditions,
  s3: Context,
  caller: Caller,
): Removal {
  const removal = s3.store.remove(bucket, key, versionId, conditions);
  const { removed, marker, sequence } = removal;
  if (marker !== undefined) s3.tell("ObjectRemoved:DeleteMarkerCreated", marker, caller);
  else if (removed !== undefined) s3.tell("ObjectRemoved:Delete", removed, caller, sequence);
  return removal;
}

function markerElements({ removed, marker }: Removal, versionId: string | undefined) {
  if (marker !== undefined) return { DeleteMarker: true, DeleteMarkerVersionId: marker.versionId };
  if (versionId !== undefined && removed?.marker) return { DeleteMarker: true, DeleteMarkerVersionId: versionId };
  return {};
}
