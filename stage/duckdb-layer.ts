// duckdb-layer: DuckDB's native library as a Lambda layer.
//
// npm installs the binding of the machine it runs on and passes over the others in silence. A deployment that lacked the
// binding of the functions' architecture would succeed and fail at the first event, so its absence stops the program.

import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Architecture } from "./platform";

const cpu = { x86_64: "x64", arm64: "arm64" } as const;

/** `platform` is the operating system of whoever runs the functions: `linux` for AWS. */
export function duckdbLayer(architecture: Architecture, platform: string): aws.lambda.LayerVersion {
  const binding = `@duckdb/node-bindings-${platform}-${cpu[architecture]}`;
  return new aws.lambda.LayerVersion("duckdb", {
    layerName: "tributary-duckdb",
    description: `DuckDB for ${platform} on ${architecture}`,
    code: new pulumi.asset.AssetArchive({
      "nodejs/node_modules/@duckdb/node-bindings": new pulumi.asset.FileArchive(folderOf("@duckdb/node-bindings")),
      [`nodejs/node_modules/${binding}`]: new pulumi.asset.FileArchive(folderOf(binding)),
    }),
    compatibleArchitectures: [architecture],
    compatibleRuntimes: ["nodejs24.x"],
  });
}

function folderOf(name: string): string {
  const folder = join("node_modules", name);
  if (existsSync(join(folder, "package.json"))) return realpathSync(folder);
  throw new pulumi.RunError(
    `Cannot make the DuckDB layer: "${name}" is not installed. ` +
      `Install it beside the one of this machine: npm install --no-save --force ${name}@${installedVersion()}`,
  );
}

const installedVersion = (): string =>
  // Read, not imported: the version must be that of what is installed next to the missing binding.
  (require(join(dirname(require.resolve("@duckdb/node-bindings")), "package.json")) as { version: string }).version;
