// curl: a form as a command.

/** For a POSIX shell. `--form-string` takes its value as it is: `--form` would look for `@`, `<` and `;type=` in it. */
export const curlOf = (url: string, fields: Readonly<Record<string, string>>, file: string): string =>
  [
    "curl --fail-with-body",
    ...Object.entries(fields).map(([name, value]) => `--form-string ${quoted(`${name}=${value}`)}`),
    // S3 passes over every field that comes after the file.
    `--form ${quoted(`file=@${file}`)}`,
    quoted(url),
  ].join(" ");

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
