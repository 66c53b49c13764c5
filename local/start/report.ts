// report: the result for a person - tables on stdout, where everything lies, and how to go on.

import { join } from "node:path";
import Table from "cli-table3";
import { tables } from "../../schemas/tables";
import type { Cloud } from "../cloud";
import type { Example } from "./examples";
import type { Result } from "./result";
import { styled } from "./styled";

const count = new Intl.NumberFormat("en");
export const title = (text: string) => console.log(`\n${styled("bold", text)}`);

const positions = ["top", "bottom", "mid", "left", "right", "middle"];
const borders = [
  ...positions,
  ...["top", "bottom", "left", "right", "mid"].flatMap((side) => [`${side}-mid`, `${side}-left`, `${side}-right`]),
];
const noBorders = { ...Object.fromEntries(borders.map((border) => [border, ""])), middle: "  " };

export function table(head: string[], rows: string[][], colAligns: ("left" | "right")[]): string {
  const drawn = new Table({ head, colAligns, chars: noBorders, style: { head: [], border: [], compact: true } });
  drawn.push(...rows);
  return drawn.toString();
}

export function reportTables({ tables: results }: Result): void {
  title("What came in, and what came of it");
  if (results.length === 0) {
    console.log("Nothing new: what there is came in at an earlier start.");
    return;
  }
  const rows = results.map(({ table: name, files, rowsIn, rowsOut, duplicates, quarantined, partitions, bytes }) => [
    name,
    ...[files, rowsIn, rowsOut, duplicates, quarantined, partitions].map((number) => count.format(number)),
    `${count.format(Math.ceil(bytes / 1_024))} KiB`,
  ]);
  const head = ["table", "files", "rows in", "= rows out", "+ duplicates", "+ quarantined", "partitions", "size"];
  console.log(table(head, rows, ["left", ...Array<"right">(7).fill("right")]));
}

export function reportProblems({ directory }: Cloud, { rejected, deadLetters }: Result): void {
  if (rejected.length > 0) {
    title("Files that were refused as a whole");
    for (const { code, message } of rejected) console.log(`${styled("yellow", code)}  ${message}`);
  }
  if (deadLetters.length > 0) {
    title("Dead letters");
    for (const { queue, error, requestId, object = "" } of deadLetters) {
      console.log(`${styled("red", queue)}  ${object}\n  ${error}`);
      console.log(`  the log says more: grep -r ${requestId} ${join(directory, "logs")}`);
    }
  }
}

/** `reveal` is false for the user's own rows: no terminal needs their card numbers. */
export function reportExample({ table: name, source, raw, curated }: Example, reveal: boolean): void {
  title(`One row of ${name}, before and after (${source})`);
  const shown = (value: unknown) => (value === null || value === undefined ? "" : String(value));
  const rows = Object.entries(tables[name].columns).flatMap(([column, { protect = undefined }]: [string, Shown]) => {
    const before = reveal || protect === undefined ? shown(raw[column]) : "(yours, not printed)";
    const as = protect?.as;
    const outputs = as === undefined ? [column] : [`${as}_last4`, `${as}_token`].filter((output) => output in curated);
    return outputs.map((output, index) => [
      index === 0 ? column : "",
      index === 0 ? before : "",
      output in curated ? output : "",
      output in curated ? shown(curated[output]) : styled("dim", "not kept"),
    ]);
  });
  console.log(table(["raw", "", "curated", ""], rows, ["left", "left", "left", "left"]));
}

interface Shown {
  readonly protect?: { readonly as?: string };
}

export function reportWhereabouts(
  cloud: Cloud,
  outputs: Readonly<Record<string, string>>,
  { stays, kept, picture }: { readonly stays: boolean; readonly kept: boolean; readonly picture?: string },
): void {
  const { directory, url } = cloud;
  const { rawBucket = "", curatedBucket = "", quarantineBucket = "", rejectedFeedsBucket = "" } = outputs;
  const bucket = (name: string) => join(directory, "s3", name);
  title("Where it lies");
  const places = [
    ...(picture === undefined ? [] : [["forecast, drawn", picture]]),
    ["curated", join(bucket(curatedBucket), "curated", "{table}", "dt=*", "{table}.parquet")],
    ["quarantine", bucket(quarantineBucket)],
    ["rejected feeds", bucket(rejectedFeedsBucket)],
    ["mail", join(directory, "mail")],
    ["logs", join(directory, "logs")],
    ["journal", join(directory, "journal.ndjson")],
  ];
  console.log(table(["", ""], places, ["left", "left"]).split("\n").slice(1).join("\n"));
  title("How to go on");
  const ways = stays
    ? [
        ["ask Athena", 'npm run query -- "select * from market_intelligence_sales_weekly limit 10"'],
        ["what to ask", "npm run query -- --named"],
        ["any AWS client", `source ${join(directory, "operator.env")}   # endpoint ${url}, and credentials`],
        ["the database", 'psql -c "select * from transactions.daily_totals limit 10"   # after the line above'],
        ["another file", `aws s3 cp orders.parquet s3://${rawBucket}/raw/orders/`],
        ["stop", "Ctrl-C"],
      ]
    : [["keep it running", "npm start"]];
  ways.push(["your own files", "npm start -- --input DIR"]);
  if (!kept) ways.push(["keep the state", "npm start -- --data DIR"]);
  console.log(table(["", ""], ways, ["left", "left"]).split("\n").slice(1).join("\n"));
}
