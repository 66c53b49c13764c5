// image-codec-layer: libjpeg-turbo as a Lambda layer. It is WebAssembly, the same on every machine, and lies in a file beside
// its package, where a bundle would not find it. PNGs need none: zlib is Node's.

import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const name = "@cwasm/jpeg-turbo";

export function imageCodecLayer(): aws.lambda.LayerVersion {
  const folder = dirname(require.resolve(name));
  const { version } = require(join(folder, "package.json")) as { version: string };
  return new aws.lambda.LayerVersion("image-codec", {
    layerName: "tributary-image-codec",
    description: `${name} ${version}`,
    code: new pulumi.asset.AssetArchive({
      [`nodejs/node_modules/${name}`]: new pulumi.asset.FileArchive(realpathSync(join("node_modules", name))),
    }),
    compatibleArchitectures: ["x86_64", "arm64"],
    compatibleRuntimes: ["nodejs24.x"],
  });
}
