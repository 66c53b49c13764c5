// gallery: what a user does with pictures - uploads them, waits until they are looked at, searches them, asks for more like one.
//
//   token ──> POST /api/items ──> form ──> ... ──> GET /api/items/{id} ──> GET /api/items/search ──> .../similar
//                                                         └── thumbnails ──> contact sheet

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InferOutput } from "valibot";
import { presignImage } from "../../schemas/endpoints/presign-image";
import { searchItems } from "../../schemas/endpoints/search-items";
import { showItem } from "../../schemas/endpoints/show-item";
import { similarItems } from "../../schemas/endpoints/similar-items";
import type { Cloud } from "../cloud";
import { samplePictures } from "../sample/pictures";
import { type ApiClient, apiClient } from "./api-client";
import { contactSheet } from "./contact-sheet";
import type { Outputs } from "./feed";
import { type KnownPictures, knownPictures } from "./known-pictures";
import { ownPictures, type Picture } from "./own-pictures";
import { step } from "./progress";
import { signIn } from "./seller-account";
import { sendForm } from "./send-form";
import { until } from "./until";

export type Shown = InferOutput<typeof showItem.answer.schema> & { readonly file: string };
export type Hit = InferOutput<typeof searchItems.answer.schema>["items"][number] & { readonly file: string };
export type Similar = InferOutput<typeof similarItems.answer.schema>["items"][number] & { readonly file: string };

export interface Gallery {
  readonly items: readonly Shown[];
  readonly search?: { readonly query: string; readonly hits: readonly Hit[] };
  readonly similar?: { readonly to: string; readonly hits: readonly Similar[] };
  /** A file, where there is anything to be seen. */
  readonly contactSheet?: string;
  /** For a shell. */
  readonly api: { readonly url: string; readonly token: string };
}

export interface GalleryOptions {
  readonly seed: number;
  /** A directory of the user's own pictures, instead of the drawn ones. */
  readonly images?: string;
}

/** What the drawn pictures are searched for. */
const sampleQuery = "green hills under a blue sky";

/** How many forms are under way at once. */
const width = 4;

export async function gallery(cloud: Cloud, outputs: Outputs, options: GalleryOptions): Promise<Gallery> {
  const { userPool = "", apiClient: client = "" } = outputs;
  const drawing = step(options.images === undefined ? "Drawing pictures" : "Reading pictures");
  const pictures = options.images === undefined ? await samplePictures(options) : ownPictures(options.images);
  drawing.done(`${pictures.length} pictures`);
  const username = "pictures@gallery.example";
  const token = await signIn(cloud, { userPool, client }, { sellers: [], username });
  const user = apiClient(cloud.api?.url ?? "", token);

  const known = knownPictures(cloud.directory);
  const items = await lookedAt(user, await uploadAll(user, pictures, known));
  const ready = items.filter(({ status }) => status === "ready");
  const searching = step("Searching pictures");
  const query = options.images === undefined ? sampleQuery : (ready[0]?.item?.summary ?? "picture").slice(0, 200);
  const named = <It extends { readonly id: string }>(item: It) => ({ ...item, file: known.fileOf(item.id) ?? item.id });
  const found = ready.length === 0 ? undefined : await user.ask(searchItems, { query: { q: query, limit: "5" } });
  const hits = found?.items.map(named) ?? [];
  const [first] = hits;
  const alike =
    first &&
    (await user.ask(similarItems, {
      path: `${pathOf(first.id)}/similar`,
      query: { limit: "3" },
    }));
  searching.done(`${hits.length} hits`);
  const contactSheet = await sheetOf(ready, join(cloud.directory, "contact-sheet.png"));
  return {
    items,
    api: { url: user.url, token },
    ...(found === undefined ? {} : { search: { query, hits } }),
    ...(first === undefined ? {} : { similar: { to: first.file, hits: alike?.items.map(named) ?? [] } }),
    ...(contactSheet === undefined ? {} : { contactSheet }),
  };
}

/** Those that an earlier start has uploaded are there. Gives the files by their items. */
async function uploadAll(
  user: ApiClient,
  pictures: readonly Picture[],
  known: KnownPictures,
): Promise<ReadonlyMap<string, string>> {
  const uploading = step("Pictures -> S3", pictures.length);
  const files = new Map<string, string>();
  const waiting = [...pictures];
  let uploaded = 0;
  const lane = async () => {
    for (let picture = waiting.shift(); picture !== undefined; picture = waiting.shift()) {
      const { file, bytes } = picture;
      let id = known.find(file, bytes);
      if (id === undefined) {
        id = await upload(user, picture);
        known.add(id, file, bytes);
        uploaded++;
      }
      files.set(id, file);
      uploading.at(files.size);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
  const before = files.size - uploaded;
  uploading.done(`${uploaded} pictures${before === 0 ? "" : `, and ${before} were there already`}`);
  return files;
}

async function upload(user: ApiClient, { file, bytes, contentType }: Picture): Promise<string> {
  const { itemId, url, fields } = await user.ask(presignImage, { body: { contentType, size: bytes.length } });
  await sendForm({ url, fields }, bytes, file);
  return itemId;
}

/** Waits, a minute each at most, for a verdict on each of them, and for those that are ready to be found. */
async function lookedAt(user: ApiClient, files: ReadonlyMap<string, string>): Promise<Shown[]> {
  const looking = step("Thumbnails, analysis, vectors", files.size);
  const items: Shown[] = [];
  for (const [id, file] of files) {
    const item = await until(
      () => shown(user, id, file),
      (it) => it?.status !== "waiting",
    );
    if (item?.status === "ready") {
      await until(
        () => isFound(user, id),
        (found) => found,
      );
    }
    // One of an earlier start may have been deleted since.
    if (item !== undefined) items.push(item);
    looking.at(items.length);
  }
  const count = (wanted: Shown["status"]) => items.filter(({ status }) => status === wanted).length;
  const others = (["rejected", "waiting"] as const).map((status) => [status, count(status)] as const);
  const told = others.flatMap(([status, number]) => (number === 0 ? [] : [`, ${number} ${status}`]));
  looking.done(`${count("ready")} pictures${told.join("")}`);
  return items;
}

const pathOf = (id: string): string => `/api/items/${encodeURIComponent(id)}`;

/** Nothing where there is no such item. */
const shown = (user: ApiClient, id: string, file: string): Promise<Shown | undefined> =>
  user.ask(showItem, { path: pathOf(id) }).then((item) => ({ ...item, file }), unless("NotFound", undefined));

/** Whether its vector is there, by which it is found. */
const isFound = (user: ApiClient, id: string): Promise<boolean> =>
  user
    .ask(similarItems, { path: `${pathOf(id)}/similar`, query: { limit: "1" } })
    .then(() => true, unless("NotEmbedded", false));

const unless =
  <T>(code: string, otherwise: T) =>
  (error: Error): T => {
    if (error.message.includes(`"code":"${code}"`)) return otherwise;
    throw error;
  };

async function sheetOf(items: readonly Shown[], file: string): Promise<string | undefined> {
  const entries = await Promise.all(
    items.flatMap(({ item, file: title }) => {
      if (item === undefined) return [];
      const { thumbnail, category, summary, analysis } = item;
      return [
        fetch(thumbnail.url).then(async (response) => ({
          thumbnail: new Uint8Array(await response.arrayBuffer()),
          contentType: response.headers.get("content-type") ?? "",
          category,
          title,
          caption: analysis.objects.length > 0 ? analysis.objects.join(", ") : summary,
        })),
      ];
    }),
  );
  if (entries.length === 0) return undefined;
  writeFileSync(file, await contactSheet(entries));
  return file;
}
