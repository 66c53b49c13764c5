// message-store: the messages of all queues, in one SQLite file.

import { DatabaseSync } from "node:sqlite";
import type { MessageAttributes } from "./md5";

/** Times are milliseconds of the clock. */
export interface MessageRow {
  readonly id: string;
  /** The queue's arn. */
  queue: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader: string | null;
  readonly sender: string;
  readonly sentAt: number;
  state: "visible" | "delayed" | "in flight";
  /** When a message that is not visible becomes so. */
  dueAt: number;
  receives: number;
  firstReceivedAt: number | null;
  /** The receipt handle of the last receive. */
  receipt: string | null;
  deadLetterSource: string | null;
}

export type MessageStore = ReturnType<typeof messageStore>;

export function messageStore(file: string) {
  const database = new DatabaseSync(file);
  database.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists messages (
      seq integer primary key, id text unique not null, queue text not null, body text not null, attributes text not null,
      traceHeader text, sender text not null, sentAt integer not null, state text not null, dueAt integer not null,
      receives integer not null, firstReceivedAt integer, receipt text, deadLetterSource text
    );
    create index if not exists messages_of on messages (queue, state, seq);
    create index if not exists messages_by_age on messages (queue, sentAt)`);
  const insert = database.prepare(`
    insert into messages (id, queue, body, attributes, traceHeader, sender, sentAt, state, dueAt, receives,
      firstReceivedAt, receipt, deadLetterSource)
    values (:id, :queue, :body, :attributes, :traceHeader, :sender, :sentAt, :state, :dueAt, :receives,
      :firstReceivedAt, :receipt, :deadLetterSource)`);
  const update = database.prepare(`
    update messages set queue = :queue, state = :state, dueAt = :dueAt, receives = :receives,
      firstReceivedAt = :firstReceivedAt, receipt = :receipt, deadLetterSource = :deadLetterSource
    where id = :id`);
  const remove = database.prepare("delete from messages where id = ?");
  const byState = database.prepare("select * from messages where queue = ? and state = ? order by seq limit ?");
  const byQueue = database.prepare("select * from messages where queue = ? order by seq");
  const byId = database.prepare("select * from messages where queue = ? and id = ?");
  const byAge = database.prepare("select * from messages where queue = ? and sentAt < ?");
  const count = database.prepare("select count(*) as n from messages where queue = ? and state = ?");

  return {
    add({ attributes, ...row }: MessageRow): void {
      insert.run({ ...row, attributes: JSON.stringify(attributes) });
    },
    update({ id, queue, state, dueAt, receives, firstReceivedAt, receipt, deadLetterSource }: MessageRow): void {
      update.run({ id, queue, state, dueAt, receives, firstReceivedAt, receipt, deadLetterSource });
    },
    remove({ id }: MessageRow): void {
      remove.run(id);
    },
    /** The oldest messages that may be received. */
    visible: (queue: string, limit: number): MessageRow[] => byState.all(queue, "visible", limit).map(asMessage),
    all: (queue: string): MessageRow[] => byQueue.all(queue).map(asMessage),
    olderThan: (queue: string, time: number): MessageRow[] => byAge.all(queue, time).map(asMessage),
    find(queue: string, id: string): MessageRow | undefined {
      const row = byId.get(queue, id);
      return row && asMessage(row);
    },
    count: (queue: string, state: MessageRow["state"]): number => Number(count.get(queue, state)?.n),
    end: () => database.close(),
  };
}

function asMessage(row: Record<string, unknown>): MessageRow {
  return {
    id: String(row.id),
    queue: String(row.queue),
    body: String(row.body),
    attributes: JSON.parse(String(row.attributes)),
    traceHeader: textOf(row.traceHeader),
    sender: String(row.sender),
    sentAt: Number(row.sentAt),
    state: row.state === "delayed" || row.state === "in flight" ? row.state : "visible",
    dueAt: Number(row.dueAt),
    receives: Number(row.receives),
    firstReceivedAt: row.firstReceivedAt === null ? null : Number(row.firstReceivedAt),
    receipt: textOf(row.receipt),
    deadLetterSource: textOf(row.deadLetterSource),
  };
}

const textOf = (value: unknown): string | null => (value === null ? null : String(value));
