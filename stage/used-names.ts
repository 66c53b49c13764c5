// used-names: of the packages that a serialized text requires, only what it uses.
//
// A module that is required is bundled whole, one that is imported only as far as it is used. The text cannot import: it holds
// `with` statements, which an ES module may not. So an ES module in front of it imports what the text uses and leaves it in a
// module between the two:
//
//   entry: import { GlueClient } from "@aws-sdk/client-glue" ──> used:names ──> text: require("used:names")["..."].GlueClient
//
// An AWS client comes out at a third of its size.

import type { Plugin } from "esbuild";

/** Packages that say of themselves that importing them has no effect (`sideEffects: false`). */
const pure = /^const (\w+) = require\("(@aws-sdk\/[\w-]+|@anthropic-ai\/sdk\/[\w/.-]+|valibot|voyageai)"\);$/gm;

export interface UsedNames {
  readonly entry: string;
  readonly plugin: Plugin;
}

/** The entry to bundle in place of `text`, which exports `handler`. */
export function usedNames(text: string): UsedNames {
  const imports: string[] = [];
  const used: string[] = [];
  const rest = text.replaceAll(pure, (whole, identifier: string, name: string) => {
    const names = namesOf(text, identifier);
    if (names === undefined) return whole;
    const own = names.map((each) => `${each} as ${identifier}_${each}`);
    imports.push(`import { ${own.join(", ")} } from "${name}";`);
    used.push(`"${name}": { ${names.map((each) => `${each}: ${identifier}_${each}`).join(", ")} }`);
    return `const ${identifier} = require("used:names")["${name}"];`;
  });
  const entry = [
    ...imports,
    'import { names } from "used:names";',
    `Object.assign(names, { ${used.join(", ")} });`,
    'export const { handler } = require("used:text");',
  ].join("\n");
  const contents: Readonly<Record<string, string>> = { names: "exports.names = exports;", text: rest };
  return {
    entry,
    plugin: {
      name: "used-names",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^used:/ }, ({ path }) => ({ path: path.slice("used:".length), namespace: "used" }));
        onLoad({ filter: /.*/, namespace: "used" }, ({ path }) => ({
          contents: contents[path] ?? "",
          resolveDir: process.cwd(),
        }));
      },
    },
  };
}

/** The properties of `identifier` that the text reads; nothing where it does anything else with it. */
function namesOf(text: string, identifier: string): string[] | undefined {
  // `name: name` hands it to a `with` statement, where it is found under its own name again.
  const uses = text
    .replaceAll(new RegExp(`\\b${identifier}: ${identifier}\\b`, "g"), "")
    .replaceAll(new RegExp(`^const ${identifier} = .*$`, "gm"), "");
  const properties = [...uses.matchAll(new RegExp(`\\b${identifier}\\b(?:\\.(\\w+))?`, "g"))].map(([, name]) => name);
  const names = properties.filter((name) => name !== undefined);
  return names.length === properties.length ? [...new Set(names)].sort() : undefined;
}
