// search: how long find-items takes to search a hundred thousand items by words and by vectors, and how many of the ten nearest
// vectors the index finds, against a look at all of them.
//
// The PostgreSQL is the embedded one, in WebAssembly; what it reads, the system has in memory. Of three users one has nearly all
// items, and the others have few among them: the one is hard for an index, the others for a filter. Queries are descriptions of
// other pictures, and a few words. The time is that of find-items' transaction for such a user, whom row-level security lets see
// nothing else, on a connection that is open already.

import { join } from "node:path";
import type { Sql } from "postgres";
import { asUser } from "../functions/collections/as-user";
import { hybridSearch, mostOfAKind } from "../functions/collections/find-items/hybrid-search";
import { nearest, nearestSettings } from "../functions/collections/nearest";
import { vectorText } from "../functions/collections/vector";
import { embedText } from "../local/services/voyage/hashed-embedding";
import { step } from "../local/start/progress";
import type { Measurement } from "./measurement";
import { cosine, exact } from "./search/exact";
import { queryOf } from "./search/pictures";
import {
  type Index,
  model,
  numberOf,
  type SearchedItems,
  searchedItems,
  type User,
  userOf,
  users,
} from "./search/searched-items";

const queries = Array.from({ length: 200 }, (_, number) => queryOf(number)).map((text) => ({
  text,
  vector: embedText(text),
}));

/** The nearest, which a search must not miss. */
const most = 10;
const goals = { recall: 0.98, ms: 50 };

export async function search(directory: string, items: number): Promise<Measurement[]> {
  const searched = await searchedItems(join(directory, "search"), items);
  try {
    const measured = [building(searched.index, items)];
    for (const user of users) measured.push(...measurements(user, items, await searches(searched, user)));
    return measured;
  } finally {
    await searched.end();
  }
}

interface Searches {
  /** The user's. */
  readonly items: number;
  /** Of whole searches, and of the nearest alone. */
  readonly ms: readonly number[];
  readonly nearestMs: readonly number[];
  /** How many are nearest, and how many of them were found. */
  readonly nearest: number;
  readonly found: number;
}

async function searches({ sql, vectors }: SearchedItems, user: User): Promise<Searches> {
  const own = vectors.filter((_, item) => userOf(item) === user);
  const best = exact(own, queries, most);
  const { at, done } = step(`searches of ${user}`, 2 * queries.length);
  const [ms, nearestMs]: [number[], number[]] = [[], []];
  for (const { text, vector } of queries) {
    const asked = { userId: user, query: text, vector: [...vector], embeddingModel: model, limit: 20, offset: 0 };
    const began = performance.now();
    await asUser(sql, user, (transaction) => hybridSearch(transaction, asked), nearestSettings);
    at(ms.push(performance.now() - began));
  }
  let found = 0;
  for (const [number, { vector }] of queries.entries()) {
    const began = performance.now();
    const near = await nearestOf(sql, user, vector);
    at(queries.length + nearestMs.push(performance.now() - began));
    // Two that are equally near are the same.
    const least = (best[number]?.at(-1) ?? 0) - 1e-6;
    found += near.filter((item) => cosine(vector, vectors[item]) >= least).length;
  }
  done();
  return { items: own.length, ms, nearestMs, nearest: best.flat().length, found };
}

/** As hybridSearch asks for them. */
async function nearestOf(sql: Sql, userId: string, query: Float32Array): Promise<number[]> {
  const rows = await asUser(
    sql,
    userId,
    (own) => {
      const vector = own`${vectorText([...query], "the query")}::text::vector`;
      return own<{ item_id: string; distance: number }[]>`
        ${nearest(own, { userId, model: own`${model}`, vector, most: mostOfAKind })}`;
    },
    nearestSettings,
  );
  const sorted = [...rows].sort((a, b) => a.distance - b.distance);
  return sorted.slice(0, most).map(({ item_id }) => numberOf(item_id));
}

function building({ definition, bytes, ms }: Index, items: number): Measurement {
  const [, how = definition] = / USING (.*)$/.exec(definition) ?? [];
  return {
    what: `search: index of ${items.toLocaleString("en")} vectors, built`,
    measured: ms / 1_000,
    unit: "s",
    note: `${how}; ${Math.round(bytes / 2 ** 20).toLocaleString("en")} MB`,
  };
}

function measurements(user: User, total: number, { items, ms, nearestMs, nearest, found }: Searches): Measurement[] {
  const whose = `${items.toLocaleString("en")} of ${total.toLocaleString("en")} items are the user's`;
  const recall = found / nearest;
  const p95 = percentile(ms, 95);
  const also = `p50 ${percentile(ms, 50).toFixed(0)} ms`;
  const alone = `p50 ${percentile(nearestMs, 50).toFixed(0)}, p95 ${percentile(nearestMs, 95).toFixed(0)} ms`;
  return [
    {
      what: `search, ${user}: recall@${most} of the nearest`,
      measured: found,
      unit: "found",
      baseline: nearest,
      ratio: recall,
      goal: `>= ${goals.recall}`,
      met: recall >= goals.recall,
      note: `recall ${recall.toFixed(4)}; ${whose}; the baseline is exact`,
    },
    {
      what: `search, ${user}: find-items, p95`,
      measured: p95,
      unit: "ms",
      goal: `<= ${goals.ms} ms`,
      met: p95 <= goals.ms,
      note: `${also}; the nearest alone ${alone}; ${queries.length} queries`,
    },
  ];
}

function percentile(values: readonly number[], hundredths: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * hundredths) / 100) - 1] ?? Number.NaN;
}
