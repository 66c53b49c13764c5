// marketplace: what sellers do with the HTTP API - upload their feeds, see what they add up to, correct what was rejected,
// ask a question.
//
//   token ──> upload ──> ... ──> summary ──> errors ──> a rejected row ──> corrected
//                                                                              │
//                    question <── summary <── ... <── reprocess <──────────────┘

import { parse as csvParse } from "csv-parse/sync";
import type { InferOutput } from "valibot";
import { askTransactions } from "../../schemas/endpoints/ask-transactions";
import { listErrors } from "../../schemas/endpoints/list-errors";
import { reprocessError } from "../../schemas/endpoints/reprocess-error";
import { showError } from "../../schemas/endpoints/show-error";
import { showUpload } from "../../schemas/endpoints/show-upload";
import { summarizeTransactions } from "../../schemas/endpoints/summarize-transactions";
import { uploadTransactions } from "../../schemas/endpoints/upload-transactions";
import type { Cloud } from "../cloud";
import { type Mistake, type SellerFeed, sampleSellers, sellerFeeds } from "../sample/seller-feeds";
import { type ApiClient, apiClient } from "./api-client";
import type { Outputs } from "./feed";
import { step } from "./progress";
import { addressOf, signIn } from "./seller-account";
import { subscribe } from "./seller-mail";
import { until } from "./until";

export type Group = InferOutput<typeof summarizeTransactions.answer.schema>["groups"][number];

export interface Marketplace {
  readonly uploads: readonly InferOutput<typeof showUpload.answer.schema>[];
  /** Of the first seller, by category: before its mistakes were corrected, and after. */
  readonly before: readonly Group[];
  readonly after: readonly Group[];
  readonly error?: InferOutput<typeof showError.answer.schema>;
  readonly corrections: readonly Mistake[];
  readonly resolved: boolean;
  readonly answer: InferOutput<typeof askTransactions.answer.schema>;
  /** What the first seller was told, the newest last. */
  readonly mails: readonly { readonly to: string; readonly subject: string; readonly text: string }[];
  /** For a shell. */
  readonly api: { readonly url: string; readonly token: string };
}

const question = "What was the revenue by category?";

export async function marketplace(cloud: Cloud, outputs: Outputs, seed: number): Promise<Marketplace> {
  const { userPool = "", apiClient: client = "", notificationsTopic = "" } = outputs;
  const signing = step("Sellers sign in");
  const clients = new Map<string, ApiClient>();
  for (const seller of sampleSellers) {
    await subscribe(cloud, notificationsTopic, seller);
    const token = await signIn(cloud, { userPool, client }, { sellers: [seller], username: addressOf(seller) });
    clients.set(seller, apiClient(cloud.api?.url ?? "", token));
  }
  const [own] = clients.values();
  if (own === undefined) throw new Error("Cannot open the marketplace: it has no sellers");
  signing.done([...clients.keys()].join(", "));

  const feeds = sellerFeeds({ seed, now: Date.now() });
  const uploads = await upload(clients, feeds);
  const before = await summary(own);
  const { errors } = await own.ask(listErrors, { query: { status: "open" } });
  const [open] = errors;
  const corrected = open && (await correct(own, open.errorId, feeds));
  const after = await summary(own);
  const asking = step("Asking in words");
  const answer = await own.ask(askTransactions, { body: { question } });
  asking.done(answer.model.provider);
  return {
    uploads,
    before,
    after,
    ...(corrected ?? { corrections: [], resolved: false }),
    answer,
    mails: cloud.mailbox.mails.filter(({ to }) => to === addressOf(sampleSellers[0])),
    api: { url: own.url, token: own.token },
  };
}

/** All at once, as sellers do. */
async function upload(clients: ReadonlyMap<string, ApiClient>, feeds: readonly SellerFeed[]) {
  const uploading = step("Feeds -> API -> database");
  const answers = await Promise.all(
    feeds.map(({ seller, file, bytes, contentType }) =>
      clientOf(clients, seller).ask(uploadTransactions, { query: { file }, body: bytes, contentType }),
    ),
  );
  const uploads = await Promise.all(
    answers.map(({ seller, status }) =>
      until(
        () => clientOf(clients, seller).ask(showUpload, { path: status }),
        ({ outcome }) => outcome !== "waiting",
      ),
    ),
  );
  uploading.done(`${uploads.reduce((total, { rowsIn = 0 }) => total + rowsIn, 0)} rows in ${uploads.length} feeds`);
  return uploads;
}

function clientOf(clients: ReadonlyMap<string, ApiClient>, seller: string): ApiClient {
  const client = clients.get(seller);
  if (client === undefined) throw new Error(`Cannot act for "${seller}": nobody has signed in for it`);
  return client;
}

const summary = async (client: ApiClient): Promise<readonly Group[]> =>
  (await client.ask(summarizeTransactions, { query: { group_by: "category" } })).groups;

/** Takes the CSV of the rejected rows, puts right what is wrong in it, and sends it again. */
async function correct(client: ApiClient, errorId: string, feeds: readonly SellerFeed[]) {
  const correcting = step("Correcting the rejected rows");
  const path = `/api/errors/${errorId}`;
  const error = await client.ask(showError, { path });
  const csv = await (await fetch(error.rejected?.url ?? "")).text();
  const known = feeds.flatMap(({ mistakes }) => mistakes);
  const { text, corrections } = corrected(csv, known);
  const body = Buffer.from(text);
  await client.ask(reprocessError, { path: `${path}/reprocess`, body, contentType: "text/csv" });
  const { status } = await until(
    () => client.ask(showError, { path }),
    (error) => error.status === "resolved",
  );
  correcting.done(`${corrections.length} cells, and the error is ${status}`);
  return { error, corrections, resolved: status === "resolved" };
}

function corrected(csv: string, known: readonly Mistake[]) {
  const [header = [], ...rows]: string[][] = csvParse(csv);
  const id = header.indexOf("transaction_id");
  const corrections: Mistake[] = [];
  const right = rows.map((row) => {
    const mistake = known.find(({ transactionId }) => transactionId === row[id]);
    if (mistake === undefined) return row;
    corrections.push(mistake);
    return row.map((cell, index) => (header[index] === mistake.column ? mistake.right : cell));
  });
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  const text = [header, ...right].map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
  return { text, corrections };
}
