// statement: the SELECT that a question asks for, over the relations that the prompt tells of.

import { notUnderstood } from "./not-understood";
import type { Filters, Group, Measure, Question } from "./question";

/** Of each relation. */
export type Columns = Readonly<Record<string, readonly string[]>>;

export interface Statement {
  readonly sql: string;
  readonly explanation: string;
}

export function statementOf(question: Question, columns: Columns): Statement {
  const relation = relationOf(question);
  const missing = neededOf(question, relation).find((column) => !columns[relation]?.includes(column));
  if (missing !== undefined) throw notUnderstood(`the prompt tells of no column ${missing} of ${relation}`);
  return {
    sql: relation === "products" ? stockSql(question) : salesSql(question, relation),
    explanation: told(question),
  };
}

/** The smallest that has all that is asked. */
function relationOf({ measures }: Question): "daily_totals" | "products" | "transactions" {
  if (measures.includes("inventory_level")) return "products";
  return measures.some((measure) => measure === "returned" || measure === "discount") ? "transactions" : "daily_totals";
}

function neededOf({ measures }: Question, relation: string): string[] {
  if (relation === "products") return ["seller_id", "product_id", "product_name", "category", "inventory_level"];
  const plain = measures.filter((measure) => measure === "quantity" || measure === "amount" || measure === "revenue");
  return ["seller_id", "product_id", "day", "category", "currency", ...plain];
}

const money: readonly Measure[] = ["amount", "average_amount", "average_revenue", "discount", "revenue"];

/** What a group is called, what it is, and what it is grouped by where that is more. */
const groupColumns: Readonly<Record<Group, { name: string; sql: string; by?: string }>> = {
  day: { name: "day", sql: "s.day" },
  weekday: { name: "weekday", sql: "extract(isodow from s.day)::int" },
  week: { name: "week", sql: "date_trunc('week', s.day)::date" },
  month: { name: "month", sql: "date_trunc('month', s.day)::date" },
  quarter: { name: "quarter", sql: "date_trunc('quarter', s.day)::date" },
  year: { name: "year", sql: "extract(year from s.day)::int" },
  product: { name: "product_name", sql: "p.product_name", by: "p.product_name, s.seller_id, s.product_id" },
  category: { name: "category", sql: "s.category" },
  currency: { name: "currency", sql: "s.currency" },
  seller: { name: "seller_id", sql: "s.seller_id" },
};

const times: readonly Group[] = ["day", "weekday", "week", "month", "quarter", "year"];

const sum = (column: string) => `sum(s.${column})`;

function measureSql(measure: Measure, relation: string): string {
  const count = relation === "transactions" ? "count(*)" : sum("transactions");
  switch (measure) {
    case "transactions":
      return `coalesce(${count}, 0)::bigint`;
    case "quantity":
      return "coalesce(sum(s.quantity), 0)::bigint";
    case "returned":
      return "coalesce(-sum(s.quantity) filter (where s.quantity < 0), 0)::bigint";
    case "average_amount":
      return `round(${sum("amount")} / nullif(${count}, 0), 2)`;
    case "average_revenue":
      return `round(${sum("revenue")} / nullif(${count}, 0), 2)`;
    default:
      return sum(measure);
  }
}

function salesSql({ measures, groups, ranked, rank, filters, period }: Question, relation: string): string {
  const isMoney = measures.some((measure) => money.includes(measure));
  const all: readonly Group[] = isMoney && !groups.includes("currency") ? [...groups, "currency"] : groups;
  const [first = "quantity"] = measures;
  const firstSql = measureSql(first, relation);
  const joins = all.includes("product") || filters.product.length + filters.either.length > 0;
  const from = [
    `from ${relation} s`,
    ...(joins ? ["join products p on p.seller_id = s.seller_id and p.product_id = s.product_id"] : []),
    ...where([
      ...(period?.from === undefined ? [] : [`s.day >= date '${period.from}'`]),
      ...(period?.before === undefined ? [] : [`s.day < date '${period.before}'`]),
      ...conditions(filters, "s.category"),
    ]),
    ...(all.length === 0
      ? []
      : [`group by ${all.map((group) => groupColumns[group].by ?? groupColumns[group].sql).join(", ")}`]),
  ];
  const shown = [
    ...all.map((group) => `${groupColumns[group].sql} as ${groupColumns[group].name}`),
    ...measures.map((measure) => `${measureSql(measure, relation)} as ${measure}`),
  ];
  const keys = all.map((group) => groupColumns[group]);
  const direction = rank?.most === false ? "asc" : "desc";
  if (rank === undefined) {
    const time = all.filter((group) => times.includes(group)).map((group) => groupColumns[group].sql);
    const order = [
      ...time,
      ...keys.filter(({ name }) => name === "currency").map(({ sql }) => sql),
      `${firstSql} desc`,
    ];
    const total = [...order, ...keys.map(({ by, sql }) => by ?? sql)];
    return lines(
      `select ${shown.join(", ")}`,
      ...from,
      ...(all.length === 0 ? [] : [`order by ${unique(total).join(", ")}`]),
    );
  }
  // Within everything that is not ranked itself: money of two currencies is more or less of nothing.
  const apart = all.filter((group) => !ranked.includes(group)).map((group) => groupColumns[group]);
  const partition = apart.length === 0 ? "" : `partition by ${apart.map(({ sql }) => sql).join(", ")} `;
  const within = ranked.map((group) => groupColumns[group].by ?? groupColumns[group].sql).join(", ");
  const names = [...keys.map(({ name }) => name), ...measures].join(", ");
  return lines(
    "with ranked as (",
    `  select ${shown.join(", ")}, row_number() over (${partition}order by ${firstSql} ${direction}, ${within}) as place`,
    ...from.map((line) => `  ${line}`),
    ")",
    `select ${names} from ranked where place <= ${rank.count}`,
    `order by ${[...apart.map(({ name }) => name), "place"].join(", ")}`,
  );
}

/** A product each, or what there is of all of them. */
function stockSql({ groups, rank, filters }: Question): string {
  if (groups.some((group) => !["product", "category", "seller"].includes(group))) {
    throw notUnderstood("of stock I know what is left now, by product, category or seller");
  }
  const { stockBelow } = filters;
  const conditioned = [
    ...conditions(filters, "p.category"),
    ...(stockBelow === undefined ? [] : [`p.inventory_level < ${stockBelow}`]),
    ...(rank === undefined ? [] : ["p.inventory_level is not null"]),
  ];
  const direction = rank?.most === true || (rank === undefined && stockBelow === undefined) ? "desc nulls last" : "asc";
  const limit = rank === undefined ? [] : [`limit ${rank.count}`];
  const byGroup = groups.filter((group) => group !== "product");
  if (groups.includes("product") || (byGroup.length === 0 && (rank ?? stockBelow ?? names(filters)) !== undefined)) {
    return lines(
      "select p.product_name, p.category, p.inventory_level, p.inventory_at",
      "from products p",
      ...where(conditioned),
      `order by p.inventory_level ${direction}, p.product_name, p.seller_id, p.product_id`,
      ...limit,
    );
  }
  const columns = byGroup.map((group) => (group === "seller" ? "p.seller_id" : "p.category"));
  const level = "sum(p.inventory_level)::bigint";
  return lines(
    `select ${[...columns, `${level} as inventory_level`].join(", ")}`,
    "from products p",
    ...where(conditioned),
    ...(columns.length === 0
      ? []
      : [`group by ${columns.join(", ")}`, `order by ${level} ${direction}, ${columns.join(", ")}`]),
    ...limit,
  );
}

const names = ({ product, either }: Filters): string | undefined => product[0] ?? either[0];

function conditions({ category, product, seller, either, currency }: Filters, categoryColumn: string): string[] {
  const among = (sql: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${sql} in (${values.map(literal).join(", ")})`];
  const ofProduct = (values: readonly string[]) => [
    ...among("lower(p.product_name)", values),
    ...among("lower(p.product_id)", values),
  ];
  const any = (...each: string[]) => (each.length === 0 ? [] : [`(${each.join(" or ")})`]);
  const ofSales = categoryColumn.startsWith("s.") ? "s" : "p";
  return [
    ...among(`lower(${categoryColumn})`, category),
    ...any(...ofProduct(product)),
    ...any(...ofProduct(either), ...among(`lower(${categoryColumn})`, either)),
    ...among(`${ofSales}.seller_id`, seller),
    ...among("s.currency", currency),
  ];
}

const where = (conditions: readonly string[]): string[] =>
  conditions.length === 0 ? [] : [`where ${conditions.join(" and ")}`];

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const unique = (texts: readonly string[]): string[] => texts.filter((text, index) => texts.indexOf(text) === index);

const lines = (...all: string[]): string => all.join("\n");

/** What has been understood, so that whoever asked can see whether it is what they meant. */
function told({ measures, groups, rank, ranked, filters, period }: Question): string {
  const by = groups.filter((group) => !ranked.includes(group));
  const { category, product, seller, either, currency, stockBelow } = filters;
  const each = [
    ...[category, product, seller, either, currency]
      .filter((values) => values.length > 0)
      .map((values) => `of ${values.join(" or ")}`),
    ...(stockBelow === undefined ? [] : [`below ${stockBelow}`]),
  ];
  const parts = [
    rank === undefined ? "" : `By ${ranked.join(" and ")}, the ${rank.count} with the ${rank.most ? "most" : "least"}`,
    measures.join(", ").replaceAll("_", " "),
    by.length === 0 ? "" : `by ${by.join(" and ")}`,
    ...each,
    period?.from === undefined ? "" : `from ${period.from}`,
    period?.before === undefined ? "" : `before ${period.before}`,
  ];
  const text = parts.filter((part) => part !== "").join(" ");
  const others = seller.length === 0 ? "" : " Only the rows of your own sellers are seen.";
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.${others}`;
}
