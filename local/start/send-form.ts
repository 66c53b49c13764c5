// send-form: a file by a form of S3, as a page sends it.

export interface Form {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Throws where S3 does not take it. */
export async function sendForm({ url, fields }: Form, bytes: Uint8Array, file = "file"): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // S3 passes over every field that comes after the file.
  form.append("file", new Blob([Buffer.from(bytes)]), file);
  const response = await fetch(url, { method: "POST", body: form });
  if (!response.ok) throw new Error(`Cannot send "${file}": ${response.status} ${await response.text()}`);
}
