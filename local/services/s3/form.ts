// form: reads multipart/form-data (RFC 7578) up to its file, and then the file piece by piece.

import { bytes } from "./bytes";
import { s3Error } from "./errors";

export interface Form {
  /** By their lower-case names, of several the first. */
  readonly fields: ReadonlyMap<string, string>;
  readonly file: { readonly name: string; readonly content: AsyncGenerator<Buffer> };
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html: fields behind the file are ignored, and all before it
// may have 20 KB.
export async function readForm(contentType: string, source: AsyncIterable<Buffer>): Promise<Form> {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  const body = bytes(source);
  const mark = `\r\n--${boundary}`;
  const fields = new Map<string, string>();
  let size = 0;

  if ((await body.line(`--${boundary}`, 8192)) === undefined) throw malformed();
  for (;;) {
    const behind = await body.line("\r\n", 256);
    if (behind === undefined) throw malformed();
    if (behind.toString().startsWith("--")) throw noFile();
    const part = partOf((await body.line("\r\n\r\n", 8192))?.toString("utf8"));
    if (part.name.toLowerCase() === "file") return { fields, file: { name: part.file ?? "", content: content() } };
    const value = await body.line(mark, largestFields);
    size += part.name.length + (value?.length ?? largestFields);
    if (value === undefined || size > largestFields)
      throw s3Error(
        "MaxPostPreDataLengthExceeded",
        "Your POST request fields preceding the upload file were too large.",
        400,
        { details: { MaxPostPreDataLengthBytes: String(largestFields) } },
      );
    if (!fields.has(part.name.toLowerCase())) fields.set(part.name.toLowerCase(), value.toString("utf8"));
  }

  async function* content() {
    if (!(yield* body.until(mark))) throw malformed();
  }
}

const largestFields = 20_000;

function partOf(head: string | undefined): { name: string; file: string | undefined } {
  const disposition = head?.split("\r\n").find((line) => /^content-disposition:\s*form-data/i.test(line)) ?? "";
  const [, name] = /;\s*name="([^"]*)"/i.exec(disposition) ?? [];
  const [, file] = /;\s*filename="([^"]*)"/i.exec(disposition) ?? [];
  if (name === undefined) throw malformed();
  return { name, file };
}

const malformed = () =>
  s3Error("MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.");

const noFile = () =>
  s3Error("InvalidArgument", "POST requires exactly one file upload per request.", 400, {
    details: { ArgumentName: "file", ArgumentValue: "0" },
  });
