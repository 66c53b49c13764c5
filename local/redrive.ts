// redrive: the dead-letter desk. It lists what failed for good - in a running start, or in a deployed stack - shows it, sends it
// back to where it came from and says what became of it.

import { closeDesk, type DeadLetterQueue, type Desk, deskOf } from "./redrive/desk";
import { stageOf } from "./redrive/facts";
import { type Letter, type Lying, lyingIn, withLetters } from "./redrive/letters";
import { help, type Options, readOptions } from "./redrive/options";
import { outcomesOf } from "./redrive/outcome";
import { printLetter, printList, printRedriven, shortId } from "./redrive/print";
import { type Refused, remove, type SentBack, sendBack } from "./redrive/send-back";
import { usageError } from "./start/options";
import { styled } from "./start/styled";

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    const usage = error.name === "UsageError";
    process.stderr.write(
      `${styled("red", "✖", process.stderr)} ${usage ? error.message : (error.stack ?? error.message)}\n`,
    );
    process.exit(usage ? 2 : 1);
  },
);

async function main(): Promise<number> {
  // Somebody who has seen enough (`| head`) is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(help.trim());
    return 0;
  }
  const desk = await deskOf(options);
  try {
    return await run(desk, options);
  } finally {
    closeDesk(desk);
  }
}

async function run(desk: Desk, options: Options): Promise<number> {
  const { command, json } = options;
  const all = await Promise.all(queuesAsked(desk, options).map((queue) => lyingIn(desk, queue)));
  if (command === "list") {
    printList(all, json);
    return 0;
  }
  const wanted = lettersAsked(all, options);
  const [first] = wanted;
  const lying = all.find(({ letters }) => first !== undefined && letters.includes(first));
  if (command === "show" && first !== undefined && lying !== undefined) {
    printLetter(first, lying, json);
    return 0;
  }
  if (command === "redrive") return redrive(desk, wanted, options);
  if (!options.yes) {
    throw usageError(`Cannot drop ${wanted.map(shortId).join(", ")} without --yes: what is dropped is gone for good.`);
  }
  return drop(desk, wanted);
}

async function redrive(desk: Desk, wanted: readonly Letter[], { wait = desk.wait, json }: Options): Promise<number> {
  const answers = await inTheirQueues(desk, wanted, (lying, letters) => sendBack(desk, lying, letters));
  const sent = answers.filter((answer): answer is SentBack => "as" in answer);
  const refused = answers.filter((answer): answer is Refused => "why" in answer);
  if (sent.length > 0 && !json) {
    process.stderr.write(styled("dim", `${sent.length} sent back, waiting for what becomes of them\n`, process.stderr));
  }
  const outcomes = await outcomesOf(desk, sent, wait);
  printRedriven(outcomes, refused, json);
  const missing = wanted.length - answers.reduce((sum, { letters }) => sum + letters.length, 0);
  if (missing > 0) process.stderr.write(`${missing} could not be taken: somebody else has them, or they are gone.\n`);
  return missing === 0 && refused.length === 0 && outcomes.every(({ state }) => state === "through") ? 0 : 1;
}

async function drop(desk: Desk, wanted: readonly Letter[]): Promise<number> {
  const dropped = await inTheirQueues(desk, wanted, async (_, letters) => {
    for (const letter of letters) await remove(desk, letter);
    return letters;
  });
  console.log(`Dropped ${dropped.map(shortId).join(", ") || "nothing"}.`);
  return dropped.length === wanted.length ? 0 : 1;
}

/** Takes the letters again, queue by queue, so that nobody else has them meanwhile. */
async function inTheirQueues<T>(
  desk: Desk,
  wanted: readonly Letter[],
  work: (lying: Lying, letters: Letter[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const queues = new Set(wanted.map(({ queue }) => queue));
  const results = [...queues].map((queue) =>
    withLetters(desk, queue, (lying) => {
      const taken = lying.letters.filter((letter) => wanted.some(({ id }) => id === letter.id));
      return work(lying, taken);
    }),
  );
  return (await Promise.all(results)).flat();
}

function queuesAsked({ queues }: Desk, { queue: asked }: Options): readonly DeadLetterQueue[] {
  const found = queues.filter(({ name }) => asked === undefined || name === asked || stageOf(name) === asked);
  if (found.length > 0) return found;
  throw usageError(`There is no dead-letter queue "${asked}": ${queues.map(({ name }) => name).join(", ")}.`);
}

function lettersAsked(all: readonly Lying[], { ids, all: everything }: Options): Letter[] {
  const letters = all.flatMap((lying) => lying.letters);
  if (everything) return letters;
  const found = ids.map((id) => {
    const [only, another] = letters.filter((letter) => letter.id.startsWith(id));
    if (only === undefined) throw usageError(`There is no letter "${id}": \`npm run redrive\` lists them.`);
    if (another !== undefined) throw usageError(`There are several letters "${id}...": say more of the id.`);
    return only;
  });
  return [...new Set(found)];
}
