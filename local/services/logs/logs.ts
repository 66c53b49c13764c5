// logs: CloudWatch Logs as files that can be read, one per log group: `/tributary/dev/clean` lies in `tributary/dev/clean.log`.
//
// A line of the file is the time, the first letters of the log stream (one stream per function instance) and what the
// function wrote, JSON left as it is. A function whose role may not write to its group loses its lines without noticing,
// as on AWS; here one entry of the journal tells of it.

import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Clock } from "../../clock";
import type { Journal } from "../../door/journal";
import { awsError } from "../../door/service";

export interface LogLine {
  readonly group: string;
  readonly stream: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly line: string;
}

export interface LogStream {
  /** The function's name: who writes. */
  readonly functionName: string;
  /** The log group's arn, without `:*`. */
  readonly groupArn: string;
  readonly stream: string;
}

export interface Logs {
  /** Opens a stream; what comes back takes one line at a time. */
  open(stream: LogStream): (line: string) => void;
  /** The last `count` lines of a group, oldest first. */
  tail(group: string, count: number): string[];
  /** Calls `listener` for every line from now on; returns the way to stop it. */
  listen(listener: (line: LogLine) => void): () => void;
  end(): void;
}

export interface LogsOptions {
  readonly directory: string;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Whether the function's role has `logs:PutLogEvents` on the log stream of that arn. */
  readonly mayWrite: (functionName: string, logStreamArn: string) => boolean;
}

export function logs({ directory, clock, journal, mayWrite }: LogsOptions): Logs {
  const files = new Map<string, number>();
  const listeners = new Set<(line: LogLine) => void>();
  const refused = new Set<string>();

  return {
    open({ functionName, groupArn, stream }) {
      const group = groupName(groupArn);
      if (!mayWrite(functionName, `${groupArn}:log-stream:${stream}`)) {
        refuse(functionName, group);
        return () => {};
      }
      const file = fileOf(group);
      const short = stream.slice(stream.indexOf("]") + 1).slice(0, 8);
      return (line) => {
        const at = new Date(clock.now()).toISOString();
        writeSync(file, `${at} ${short} ${line}\n`);
        for (const listener of listeners) listener({ group, stream, at, line });
      };
    },
    tail: (group, count) => lastLines(fileOf(group), count),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    end() {
      for (const file of files.values()) closeSync(file);
      files.clear();
    },
  };

  function refuse(functionName: string, group: string): void {
    if (refused.has(`${functionName} ${group}`)) return;
    refused.add(`${functionName} ${group}`);
    const detail = {
      message: `Cannot write the log of "${functionName}": its role has no logs:PutLogEvents on "${group}"`,
    };
    const entry = { service: "logs", operation: "PutLogEvents", principal: functionName, resource: group };
    journal.add({ ...entry, outcome: "AccessDeniedException", ms: 0, detail });
  }

  function fileOf(group: string): number {
    const open = files.get(group);
    if (open !== undefined) return open;
    const path = join(directory, `${pathOf(group)}.log`);
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, "a+");
    files.set(group, file);
    return file;
  }
}

/** `/tributary/dev/clean` of `arn:aws:logs:eu-central-1:000000000000:log-group:/tributary/dev/clean`. */
const groupName = (arn: string): string => arn.split(":").slice(6).join(":");

/** The names that AWS allows (CreateLogGroup), less those that would lead out of the directory. */
function pathOf(group: string): string {
  if (/^[\w\-/.#]{1,512}$/.test(group) && !group.split("/").some((part) => /^\.\.?$/.test(part))) return group;
  throw awsError("InvalidParameterException", `Cannot use "${group}" as the name of a log group`);
}

function lastLines(file: number, count: number): string[] {
  const { size } = fstatSync(file);
  for (let length = 64 * 1024; ; length *= 4) {
    const bytes = Buffer.alloc(Math.min(length, size));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString().split("\n").slice(0, -1);
    if (bytes.length === size || lines.length > count) return count === 0 ? [] : lines.slice(-count);
  }
}
