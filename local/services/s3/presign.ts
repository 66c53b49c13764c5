// presign: presigned URLs and forms as the SDK makes them, for the tests.

import type { S3Client } from "@aws-sdk/client-s3";
import type { Principal } from "../../door/principals";
import { hmacHex, signingKey } from "../../door/signature";

interface Request {
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
}
interface Presigner {
  presign(request: Request, options: { expiresIn: number; signingDate?: Date }): Promise<Request>;
}

interface Options {
  readonly expiresIn?: number;
  readonly signingDate?: Date;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The URL of what `send` asks of `client`, signed by the SDK's own signer; the request itself is never sent. */
export async function presign(
  client: S3Client,
  send: (client: S3Client) => Promise<unknown>,
  { expiresIn = 60, signingDate = new Date(), headers: more = {} }: Options = {},
): Promise<string> {
  const built = Promise.withResolvers<Request>();
  const name = "presign";
  client.middlewareStack.add(
    () => async (args) => {
      built.resolve((args as unknown as { request: Request }).request);
      throw new Error("not to be sent");
    },
    { step: "build", priority: "low", name },
  );
  await send(client).catch(() => undefined);
  client.middlewareStack.remove(name);
  const request = await built.promise;
  const { signer } = client.config;
  const presigner = typeof signer === "function" ? await signer() : signer;
  const headers = { ...request.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", ...more };
  const signed = await (presigner as unknown as Presigner).presign({ ...request, headers }, { expiresIn, signingDate });
  return `http://${request.headers.host}${signed.path}?${new URLSearchParams(signed.query).toString().replaceAll("+", "%20")}`;
}

/** The fields of a form as `createPresignedPost` signs them. */
export function presignedPost(
  { accessKeyId, secretAccessKey, sessionToken }: Principal,
  {
    key,
    conditions,
    fields = {},
    expires = Date.now() + 60_000,
    bucket,
  }: {
    bucket: string;
    key: string;
    conditions: readonly unknown[];
    fields?: Readonly<Record<string, string>>;
    expires?: number;
  },
): Record<string, string> {
  const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = { day: time.slice(0, 8), region: "us-east-1", service: "s3" };
  const all: Record<string, string> = {
    ...fields,
    bucket,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${accessKeyId}/${scope.day}/us-east-1/s3/aws4_request`,
    "X-Amz-Date": time,
    ...(sessionToken === undefined ? {} : { "X-Amz-Security-Token": sessionToken }),
  };
  const ofKey = key.endsWith("$" + "{filename}")
    ? ["starts-with", "$key", key.slice(0, key.lastIndexOf("$" + "{filename}"))]
    : { key };
  const policy = Buffer.from(
    JSON.stringify({
      expiration: new Date(expires).toISOString(),
      conditions: [...conditions, ...Object.entries(all).map(([name, value]) => ({ [name]: value })), ofKey],
    }),
  ).toString("base64");
  return { ...all, key, Policy: policy, "X-Amz-Signature": hmacHex(signingKey(secretAccessKey, scope), policy) };
}
