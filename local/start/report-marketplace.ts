// report-marketplace: what the sellers saw, for a person: their feeds, the totals, one rejected row and what became of it.

import type { Group, Marketplace } from "./marketplace";
import { table, title } from "./report";
import { styled } from "./styled";

const bearer = 'curl -s -H "Authorization: Bearer $TOKEN"';
const curls = [
  `${bearer} "$API/api/transactions/summary?group_by=category"`,
  `${bearer} -H "Content-Type: text/csv" --data-binary @yours.csv "$API/api/transactions/upload?file=yours.csv"`,
  `${bearer} -H "Content-Type: application/json" -d '{"question": "top 5 products by revenue"}' "$API/api/queries"`,
  `${bearer} "$API/openapi.json"`,
];

const count = new Intl.NumberFormat("en");

export function reportMarketplace(sold: Marketplace, { stays }: { readonly stays: boolean }): void {
  reportUploads(sold);
  title("What a seller sees, by category (GET /api/transactions/summary)");
  console.log(summaryTable(sold.before, sold.after));
  reportCorrection(sold);
  reportAnswer(sold);
  title(stays ? "Ask the API yourself" : "Ask the API yourself, while it runs (npm start without --exit)");
  console.log(`export API=${sold.api.url} TOKEN=${sold.api.token}`);
  for (const line of curls) console.log(line);
}

function reportUploads({ uploads }: Marketplace): void {
  title("Sellers' feeds, and what came of them");
  const rows = uploads.map(
    ({ seller, file, outcome, rowsIn = 0, rowsAccepted = 0, rowsDuplicate = 0, rowsRejected = 0 }) => [
      seller,
      file,
      ...[rowsIn, rowsAccepted, rowsDuplicate, rowsRejected].map((number) => count.format(number)),
      outcome.replaceAll("_", " "),
    ],
  );
  const head = ["seller", "file", "rows in", "= accepted", "+ duplicates", "+ rejected", ""];
  console.log(table(head, rows, ["left", "left", "right", "right", "right", "right", "left"]));
}

function summaryTable(before: readonly Group[], after: readonly Group[]): string {
  const keyOf = ({ category = "", currency }: Group) => `${category} ${currency}`;
  const first = new Map(before.map((group) => [keyOf(group), group]));
  const rows = after.map((group) => [
    group.category ?? "",
    group.currency,
    count.format(group.transactions),
    count.format(group.quantity),
    exact(first.get(keyOf(group))?.revenue),
    exact(group.revenue),
  ]);
  const head = ["category", "currency", "transactions", "quantity", "revenue before", "revenue corrected"];
  return table(head, rows, ["left", "left", "right", "right", "right", "right"]);
}

/** `1234.5000`: 1,234.50. Never a number on the way. */
function exact(amount: string | undefined): string {
  if (amount === undefined) return "";
  const [, sign = "", whole = "", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  const cents = fraction.replace(/0+$/, "").padEnd(2, "0");
  return `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

function reportCorrection({ error, corrections, resolved, mails }: Marketplace): void {
  const [row] = error?.sample ?? [];
  if (error === undefined || row === undefined) return;
  title(`A rejected row of "${error.file}" (GET /api/errors/${error.errorId})`);
  const [problem] = row.problems;
  const [correction] = corrections;
  console.log(`row ${row.row}${row.line === undefined ? "" : `, line ${row.line}`}`);
  for (const { field, reason, found } of row.problems)
    console.log(`  ${styled("yellow", field)} ${JSON.stringify(found)}: ${reason}`);
  if (problem !== undefined && correction !== undefined) {
    console.log(`  corrected to ${JSON.stringify(correction.right)} and sent again (POST /api/errors/{id}/reprocess)`);
  }
  console.log(resolved ? styled("green", "  the error is resolved") : styled("red", "  the error is still open"));
  const told = mails.at(-1);
  if (told !== undefined) console.log(`  mail to ${told.to}: ${told.subject}`);
}

function reportAnswer({ answer }: Marketplace): void {
  const { question, sql, columns, rows, model } = answer;
  title(`${question} (POST /api/queries, ${model.provider} model)`);
  console.log(styled("dim", sql.replaceAll(/\s+/g, " ")));
  const names = columns.map(({ name }) => name);
  const cells = rows.slice(0, 10).map((row) => row.map((value) => String(value ?? "")));
  console.log(table(names, cells, Array<"left">(names.length).fill("left")));
}
