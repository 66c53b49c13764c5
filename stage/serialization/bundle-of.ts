// bundle-of: the package of a registered function, opened.

import type * as pulumi from "@pulumi/pulumi";
import type { Registered } from "../evaluation/evaluate";

/** The text of the one file of a function's package. */
export async function bundleOf({ name, inputs }: Registered): Promise<string> {
  const assets = await (inputs.code as pulumi.asset.AssetArchive).assets;
  const files = Object.keys(assets);
  if (files.join() !== "__index.js")
    throw new Error(`Cannot open the package of "${name}": it holds ${files.join(", ")}`);
  return (assets["__index.js"] as pulumi.asset.StringAsset).text;
}
