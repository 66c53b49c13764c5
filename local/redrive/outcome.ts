// outcome: what has become of a letter that was sent back.
//
//   back      a letter is there again that names the message, or the request, that it was sent back as
//   through   the queue that it was sent to is empty and there is none, or the audit table has a row of its request
//   on its way   neither of them, when the time is over
//
// That a queue is empty is asked before the dead letters are looked at: what a stage has failed for good lies there by then.

import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { Audit } from "../../schemas/audit";
import type { Desk } from "./desk";
import { jsonOf } from "./facts";
import { countOf, type Letter, lyingIn } from "./letters";
import type { SentBack } from "./send-back";

export interface Outcome {
  readonly sent: SentBack;
  readonly state: "through" | "back" | "on its way";
  /** How that is known. */
  readonly because: string;
  /** The letter that it is now, where it came back. */
  readonly letter?: Letter;
}

/** Waits until it is known of all of them, for so many seconds. */
export async function outcomesOf(desk: Desk, sent: readonly SentBack[], seconds: number): Promise<Outcome[]> {
  const deadline = Date.now() + seconds * 1_000;
  const emptySince = new Map<string, number>();
  const known = new Map<SentBack, Outcome>();
  for (;;) {
    const over = Date.now() >= deadline;
    const open = sent.filter((each) => !known.has(each));
    const empty = await emptyQueues(desk, open, emptySince);
    const ripe = open.filter(({ facts: { origin } }) => over || origin.to !== "queue" || empty.has(origin.url));
    const letters = await lettersOf(desk, ripe);
    for (const each of ripe) {
      const outcome = await outcomeOf(desk, each, empty, letters);
      if (outcome !== undefined) known.set(each, outcome);
    }
    if (over || known.size === sent.length) break;
    await new Promise((resolve) => setTimeout(resolve, desk.patience));
  }
  return sent.map((each) => known.get(each) ?? { sent: each, state: "on its way", because: notYet(each, seconds) });
}

/** The queues that have been empty for long enough. */
async function emptyQueues(desk: Desk, open: readonly SentBack[], since: Map<string, number>): Promise<Set<string>> {
  const urls = new Set(open.flatMap(({ facts: { origin } }) => (origin.to === "queue" ? [origin.url] : [])));
  const empty = new Set<string>();
  for (const url of urls) {
    if ((await countOf(desk, url)) > 0) {
      since.delete(url);
      continue;
    }
    since.set(url, since.get(url) ?? Date.now());
    if (Date.now() - (since.get(url) ?? 0) >= desk.settles) empty.add(url);
  }
  return empty;
}

async function lettersOf(desk: Desk, open: readonly SentBack[]): Promise<Letter[]> {
  const queues = new Map(open.map(({ letters: [{ queue }] }) => [queue.url, queue]));
  const lying = await Promise.all([...queues.values()].map((queue) => lyingIn(desk, queue)));
  return lying.flatMap(({ letters }) => letters);
}

async function outcomeOf(
  desk: Desk,
  sent: SentBack,
  empty: ReadonlySet<string>,
  letters: readonly Letter[],
): Promise<Outcome | undefined> {
  const { origin } = sent.facts;
  const letter = letters.find((each) => isAgain(each, sent));
  if (letter !== undefined) return { sent, state: "back", because: `letter ${letter.id} has come of it`, letter };
  if (origin.to === "function") {
    const row = (await auditOf(desk, sent)).find(({ requestId }) => requestId === sent.as);
    return row && { sent, state: "through", because: `the audit table has it once: ${told(row)}` };
  }
  if (origin.to !== "queue" || !empty.has(origin.url)) return undefined;
  const rows = (await auditOf(desk, sent)).filter(({ endedAt }) => new Date(endedAt) >= sent.at);
  const audited =
    rows.length === 0 ? "" : `; the audit table has it ${times(rows.length)}: ${rows.map(told).join(", ")}`;
  return { sent, state: "through", because: `its queue is empty, and no letter has come of it${audited}` };
}

const isAgain = ({ id, attributes, body }: Letter, { as, facts: { origin } }: SentBack): boolean =>
  origin.to === "function" ? jsonOf(body).requestContext?.requestId === as : id === as || attributes.MessageId === as;

const times = (count: number): string => (count === 1 ? "once" : `${count} times, for as many versions`);

const told = ({ outcome, endedAt }: Audit): string => `${outcome} at ${endedAt}`;

const notYet = ({ facts: { origin } }: SentBack, seconds: number): string =>
  origin.to === "queue"
    ? `it, or another message, is still in its queue after ${seconds} s`
    : `Lambda has taken it, no letter has come of it within ${seconds} s, and the audit table has no row of it`;

/** The rows of the letter's object and stage: one for each version of the object, however often it was tried. */
async function auditOf({ dynamodb, auditTable }: Desk, { facts: { object, stage } }: SentBack): Promise<Audit[]> {
  if (object === undefined) return [];
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: auditTable,
      KeyConditionExpression: "#object = :object",
      ExpressionAttributeNames: { "#object": "object" },
      ExpressionAttributeValues: { ":object": { S: object } },
    }),
  );
  return Items.map((item) => unmarshall(item) as Audit).filter((row) => row.stage === stage);
}
