// postgres-parser-layer: PostgreSQL's own parser as a Lambda layer. It is WebAssembly, the same on every machine, and lies in a
// file beside its package, where a bundle would not find it.

import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What libpg-query requires, and itself. */
const packages = ["libpg-query", "@pgsql/types"];

export function postgresParserLayer(): aws.lambda.LayerVersion {
  const folders = packages.map((name) => [
    `nodejs/node_modules/${name}`,
    new pulumi.asset.FileArchive(realpathSync(join("node_modules", name))),
  ]);
  const { version } = require(join(dirname(require.resolve("libpg-query")), "..", "package.json")) as {
    version: string;
  };
  return new aws.lambda.LayerVersion("postgres-parser", {
    layerName: "tributary-postgres-parser",
    description: `libpg-query ${version}`,
    code: new pulumi.asset.AssetArchive(Object.fromEntries(folders)),
    compatibleArchitectures: ["x86_64", "arm64"],
    compatibleRuntimes: ["nodejs24.x"],
  });
}
