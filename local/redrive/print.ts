// print: letters, and what became of them, for a person and for a program.

import { drawTable } from "../query/table";
import { styled } from "../start/styled";
import { type Facts, factsOf, stageOf } from "./facts";
import type { Letter, Lying } from "./letters";
import type { Outcome } from "./outcome";
import type { Refused } from "./send-back";

export function printList(all: readonly Lying[], json: boolean): void {
  if (json) {
    console.log(JSON.stringify(all.map(queueAsJson), undefined, 2));
    return;
  }
  const filled = all.filter(({ letters, hidden }) => letters.length + hidden > 0);
  for (const lying of filled) console.log(`${drawn(lying)}\n`);
  const empty = all.length - filled.length;
  console.log(
    filled.length === 0 ? `No dead letters in ${empty} queues.` : styled("dim", `${empty} queues are empty.`),
  );
}

function drawn(lying: Lying): string {
  const { queue, letters, hidden } = lying;
  const count = `${letters.length} ${letters.length === 1 ? "letter" : "letters"}`;
  const more = hidden === 0 ? "" : `, and ${hidden} that cannot be seen now: somebody else may be looking at them`;
  const rows = letters.map((letter) => {
    const { item, code, message, attempts } = factsOf(letter, lying);
    return [shortId(letter), when(letter.sentAt), item ?? "-", String(attempts ?? "-"), code, cut(message, 100)];
  });
  const head = ["id", "when", "about", "tries", "error", "message"];
  const table = drawTable(head, rows, ["left", "left", "left", "right", "left", "left"]);
  return `${styled("bold", queue.name)} of ${stageOf(queue.name)}: ${count}${more}${rows.length > 0 ? `\n${table}` : ""}`;
}

export function printLetter(letter: Letter, lying: Lying, json: boolean): void {
  if (json) {
    console.log(
      JSON.stringify({ queue: letter.queue.name, ...letterAsJson(letter, lying), ...wholeOf(letter) }, undefined, 2),
    );
    return;
  }
  const { stage, item, code, message, attempts, origin } = factsOf(letter, lying);
  const from = origin.to === "queue" ? origin.url : origin.to === "function" ? origin.arn : origin.why;
  const lines = {
    id: letter.id,
    queue: letter.queue.name,
    stage,
    when: when(letter.sentAt),
    about: item ?? "-",
    tries: String(attempts ?? "-"),
    error: `${code}: ${message}`,
    "came from": from,
    ...letter.attributes,
  };
  const width = Math.max(...Object.keys(lines).map(({ length }) => length));
  for (const [name, value] of Object.entries(lines)) {
    console.log(`${styled("dim", readable(name.padEnd(width)))}  ${readable(value)}`);
  }
  console.log(`\n${readable(pretty(letter.body))}`);
}

export function printRedriven(outcomes: readonly Outcome[], refused: readonly Refused[], json: boolean): void {
  if (json) {
    const through = outcomes.map(({ sent: { letters, facts, as }, state, because, letter }) => ({
      ids: letters.map(({ id }) => id),
      ...told(facts),
      state,
      as,
      because,
      ...(letter === undefined ? {} : { letter: letter.id }),
    }));
    const failed = refused.map(({ letters, facts, why }) => ({
      ids: letters.map(({ id }) => id),
      ...told(facts),
      state: "refused",
      because: why,
    }));
    console.log(JSON.stringify([...through, ...failed], undefined, 2));
    return;
  }
  for (const { sent, state, because } of outcomes) {
    const mark = { through: styled("green", "✔"), back: styled("red", "✖"), "on its way": styled("yellow", "…") }[
      state
    ];
    console.log(`${mark} ${named(sent.letters, sent.facts)} is ${state}: ${readable(because)}`);
  }
  for (const { letters, facts, why } of refused) {
    console.log(`${styled("red", "✖")} ${named(letters, facts)} ${readable(why)}`);
  }
}

const named = (letters: readonly Letter[], { stage, item }: Facts): string =>
  `${letters.map(shortId).join(", ")} of ${stage}${item === undefined ? "" : `, ${readable(item)},`}`;

const queueAsJson = (lying: Lying) => ({
  queue: lying.queue.name,
  stage: stageOf(lying.queue.name),
  count: lying.letters.length + lying.hidden,
  letters: lying.letters.map((letter) => letterAsJson(letter, lying)),
});

function letterAsJson(letter: Letter, lying: Lying) {
  const facts = factsOf(letter, lying);
  return { id: letter.id, when: letter.sentAt, ...told(facts), code: facts.code, message: facts.message };
}

const told = ({ stage, item, attempts }: Facts) => ({
  stage,
  ...(item === undefined ? {} : { about: item }),
  ...(attempts === undefined ? {} : { tries: attempts }),
});

const wholeOf = ({ attributes, body }: Letter) => ({ attributes, body });

export const shortId = ({ id }: Letter): string => id.slice(0, 8);

const when = (iso: string): string => `${iso.slice(0, 19).replace("T", " ")} UTC`;

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}

/** What would move a terminal's cursor, or give it orders, is written out. */
const readable = (text: string): string =>
  text.replaceAll(
    /(?!\n)[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu,
    (letter) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
