// deployed: the program on an embedded AWS of its own, and raw files that go through it one after the other.

import { createReadStream } from "node:fs";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startCloud } from "../local/cloud";
import type { Entry } from "../local/door/journal";
import { diskMb } from "../local/services/lambda/usage";
import type { Evaluation } from "../stage/evaluation/evaluate";
import type { RawFile } from "./raw-file";

/** What the journal says of the invocation for one file. */
export interface Curated {
  /** Without the cold start. */
  readonly durationMs: number;
  /** Of the cold start; 0 in a process that was there already. */
  readonly initMs: number;
  readonly memoryMb: number;
  /** The most that DuckDB's temporary files took at once, as far as looks in between show. */
  readonly spillMb: number;
}

export type Deployed = Awaited<ReturnType<typeof deployed>>;

const stage = "raw-to-curated";

/** `memoryMb` instead of what the stage declares. */
export async function deployed(evaluation: Evaluation, memoryMb?: number) {
  const cloud = await startCloud(memoryMb === undefined ? evaluation : withMemory(evaluation, memoryMb));
  const { accessKeyId, secretAccessKey } = cloud.operator;
  const s3 = new S3Client({
    endpoint: cloud.url,
    region: cloud.region,
    credentials: { accessKeyId, secretAccessKey },
  });
  const [raw, curated] = [String(evaluation.outputs.rawBucket), String(evaluation.outputs.curatedBucket)];

  return { curate, clear, end };

  /** Uploads the file and waits for the invocation that it causes; throws what the function threw. */
  async function curate({ path, bytes }: RawFile): Promise<Curated> {
    const spill = watchSpill(join(cloud.directory, "lambda", "tmp"));
    const invoked = invocation();
    try {
      const Body = createReadStream(path);
      await s3.send(
        new PutObjectCommand({ Bucket: raw, Key: "raw/orders/orders.parquet", Body, ContentLength: bytes }),
      );
      const { outcome, detail = {} } = await invoked;
      if (outcome !== "ok") throw new Error(`Cannot curate "${path}": ${outcome}: ${JSON.stringify(detail.error)}`);
      const number = (key: string) => Number(detail[key] ?? 0);
      return {
        durationMs: number("durationMs"),
        initMs: number("initMs"),
        memoryMb: number("maxMemoryUsedMb"),
        spillMb: spill.peakMb(),
      };
    } finally {
      spill.end();
    }
  }

  /** Waited for here and not with `idle()`, which would wait for the tries after a failure as well. */
  function invocation(): Promise<Entry> {
    return new Promise((resolve) => {
      const stop = cloud.journal.listen((entry) => {
        if (entry.service !== "lambda" || entry.operation !== "Invoke" || !entry.resource.startsWith(stage)) return;
        stop();
        resolve(entry);
      });
    });
  }

  /** Removes what was curated, so that the next file meets nothing; gives how many partitions there were. */
  async function clear(): Promise<number> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: curated, Prefix: "curated/orders/" }));
    for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: curated, Key }));
    return Contents.length;
  }

  async function end(): Promise<void> {
    s3.destroy();
    await cloud.end();
  }
}

const withMemory = (evaluation: Evaluation, memorySize: number): Evaluation => ({
  ...evaluation,
  resources: evaluation.resources.map((resource) =>
    resource.type === "aws:lambda/function:Function" && resource.name === stage
      ? { ...resource, inputs: { ...resource.inputs, memorySize } }
      : resource,
  ),
});

function watchSpill(tmp: string) {
  let peak = 0;
  const timer = setInterval(async () => {
    for await (const folder of glob("*/curate-*/spill", { cwd: tmp }))
      peak = Math.max(peak, await diskMb(join(tmp, folder)));
  }, 100);
  return { peakMb: () => peak, end: () => clearInterval(timer) };
}
