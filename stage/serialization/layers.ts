// layers: the layers of a function, laid out as Lambda unpacks them below /opt.

import { cp } from "node:fs/promises";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { Registered } from "../evaluation/evaluate";

/** Copied, not linked: a link would be followed back to the project, where everything is installed. */
export async function layOutLayers(lambda: Registered, resources: readonly Registered[], opt: string): Promise<void> {
  const arns = (lambda.inputs.layers ?? []) as readonly string[];
  for (const { type, inputs, outputs } of resources) {
    if (type !== "aws:lambda/layerVersion:LayerVersion" || !arns.includes(String(outputs.arn))) continue;
    const assets = await (inputs.code as pulumi.asset.AssetArchive).assets;
    for (const [path, folder] of Object.entries(assets)) {
      await cp(await (folder as pulumi.asset.FileArchive).path, join(opt, path), { recursive: true });
    }
  }
}
