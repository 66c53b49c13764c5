// mailbox: where mail ends that AWS would send. Each is one file, `{n}-{address}.eml`, that any mail program opens; nothing
// leaves the machine.
//
// https://www.rfc-editor.org/rfc/rfc5322

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";

export interface Mail {
  readonly to: string;
  /** ASCII. */
  readonly subject: string;
  readonly text: string;
}

export interface KeptMail extends Mail {
  /** Counts from 1. */
  readonly number: number;
  readonly file: string;
}

export interface MailboxOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly journal: Journal;
}

export type Mailbox = ReturnType<typeof mailbox>;

export function mailbox({ directory, clock, journal }: MailboxOptions) {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const mails: KeptMail[] = kept(directory);

  return {
    /** Oldest first, those of earlier starts among them. */
    mails: mails as readonly KeptMail[],
    /** `sender` is a name for people. */
    deliver({ to, subject, text }: Mail, sender: string): void {
      const number = (mails.at(-1)?.number ?? 0) + 1;
      const file = join(directory, `${number}-${to.replace(/[^\w.@+-]/g, "_").slice(0, 200)}.eml`);
      writeFileSync(file, written({ to, subject, text }, sender, new Date(clock.now())), { mode: 0o600, flag: "wx" });
      mails.push({ number, file, to, subject, text });
      const detail = { to, subject, file };
      const principal = "sns.amazonaws.com";
      journal.add({ service: "sns", operation: "Deliver", principal, resource: to, outcome: "ok", ms: 0, detail });
    },
  };
}

/** RFC 5322, 2.1.1: in bytes, without the line's end. */
const longestLine = 998;

function written({ to, subject, text }: Mail, sender: string, date: Date): string {
  const lines = text.split(/\r\n|\r|\n/);
  const fits = lines.every((line) => Buffer.byteLength(line) <= longestLine);
  const body = fits
    ? lines
    : (Buffer.from(text)
        .toString("base64")
        .match(/.{1,76}/g) ?? []);
  return [
    `From: ${encoded(sender)} <no-reply@sns.amazonaws.com>`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${date.toUTCString().replace("GMT", "+0000")}`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=UTF-8",
    `Content-Transfer-Encoding: ${fits ? "8bit" : "base64"}`,
    "",
    ...body,
  ].join("\r\n");
}

/** A name as a header can hold it. https://www.rfc-editor.org/rfc/rfc2047 */
const encoded = (name: string): string =>
  /^[\w .-]+$/.test(name) ? `"${name}"` : `=?UTF-8?B?${Buffer.from(name).toString("base64")}?=`;

function kept(directory: string): KeptMail[] {
  const numbered = readdirSync(directory).flatMap((name) => {
    const [, number] = /^(\d+)-.*\.eml$/.exec(name) ?? [];
    return number === undefined ? [] : [{ number: Number(number), file: join(directory, name) }];
  });
  return numbered.sort((a, b) => a.number - b.number).map((each) => ({ ...each, ...read(each.file) }));
}

function read(file: string): Mail {
  const [head = "", body = ""] = readFileSync(file, "utf8").split(/\r\n\r\n(.*)/s);
  const header = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1]?.trimEnd() ?? "";
  const text =
    header("Content-Transfer-Encoding") === "base64"
      ? Buffer.from(body, "base64").toString()
      : body.replaceAll("\r\n", "\n");
  return { to: header("To"), subject: header("Subject"), text };
}
