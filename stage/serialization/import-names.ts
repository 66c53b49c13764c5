// import-names: whether every name stands for one module, over all the files that handlers are made from.
//
// Pulumi hoists the modules of all captured files into one list by the name alone: of two modules under one name the second is
// lost without a word. The names are the compiler's, `import_secrets` for ".../parameters/secrets", so it is asked for them.

import { readFile } from "node:fs/promises";
import { builtinModules } from "node:module";
import { transform } from "esbuild";
import ts from "typescript";

/** One sentence per name that stands for two modules. */
export async function doubleNames(files: readonly string[]): Promise<string[]> {
  const modules = new Map<string, Map<string, string>>();
  for (const file of files) {
    for (const { name, module } of await importNames(file)) {
      const users = modules.get(name) ?? new Map<string, string>();
      modules.set(name, users.set(module, users.get(module) ?? file));
    }
  }
  return [...modules].flatMap(([name, users]) => {
    if (users.size < 2) return [];
    const told = [...users].map(([module, file]) => `"${module}" in ${file}`);
    return [`"${name}" stands for ${told.join(" and for ")}: import one of them by another path or name`];
  });
}

/** The names that the compiled file gives to packages. Local modules are serialized by value and keep their own scope. */
async function importNames(file: string): Promise<{ name: string; module: string }[]> {
  const { code } = await transform(await readFile(file, "utf8"), { loader: "ts", format: "cjs", platform: "node" });
  const names: { name: string; module: string }[] = [];
  for (const statement of ts.createSourceFile(file, code, ts.ScriptTarget.Latest).statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      const module = initializer && requiredModule(initializer);
      if (ts.isIdentifier(name) && module !== undefined) names.push({ name: name.text, module });
    }
  }
  return names;
}

/** `require("x")`, also within `__toESM(require("x"))`. */
function requiredModule(expression: ts.Expression): string | undefined {
  if (!ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression)) return undefined;
  const [argument] = expression.arguments;
  if (argument === undefined) return undefined;
  if (expression.expression.text !== "require") return requiredModule(argument);
  if (!ts.isStringLiteral(argument) || argument.text.startsWith(".")) return undefined;
  return builtinModules.includes(argument.text) ? `node:${argument.text}` : argument.text;
}
