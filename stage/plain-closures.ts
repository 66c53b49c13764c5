// plain-closures: the functions of a serialized text, as a machine can optimise them.
//
// Pulumi gives each function what it captures by a `with` statement, and makes it anew at every call:
//
//   function __f1() {
//     return (function() { with({ limit: 5 }) { return () => limit; } }).apply(undefined, undefined).apply(this, arguments);
//   }
//
// V8 looks up every name in a `with` when it comes to it. Here the same function is made once, at its first call, and what it
// captures are constants beside it. It shows where functions are called for every row (npm run bench -- --only ingest). What a
// function would assign to a captured variable was lost with the call, and throws now.

import {
  createSourceFile,
  forEachChild,
  isObjectLiteralExpression,
  isPropertyAssignment,
  type Node,
  ScriptTarget,
} from "typescript";

/** As Pulumi writes them (@pulumi/pulumi 3.270, runtime/closure/serializeClosure.js); what looks otherwise stays as it is. */
const wrapped =
  /^function (\w+)\((.*)\) \{\n {2}return \(function\(\) \{\n {4}with\((\{.*\})\) \{\n\nreturn ([\s\S]*?);\n\n {4}\}\n {2}\}\)\.apply\(undefined, undefined\)\.apply\(this, arguments\);\n\}$/gm;

export const plainClosures = (text: string): string =>
  text.replaceAll(wrapped, (_, name: string, parameters: string, captured: string, code: string) => {
    const names = capturedNames(captured);
    const constants = names.length === 0 ? "" : `const { ${names.join(", ")} } = ${captured};`;
    // What tsx puts around every closure to keep its name, at the price of a definition each time.
    const nameless = captured.includes("__name: ") ? "const __name = (made) => made;" : "";
    return [
      `var ${name}_made;`,
      `function ${name}(${parameters}) {`,
      `  return (${name}_made ??= (function() { ${constants} ${nameless}`,
      `return ${code};`,
      "  }).apply(undefined, undefined)).apply(this, arguments);",
      "}",
    ].join("\n");
  });

/** Without `this` and `arguments`, which no name can shadow, `__name`, and what has the same name outside. */
function capturedNames(captured: string): string[] {
  const names: string[] = [];
  const file = createSourceFile("captured.js", `(${captured})`, ScriptTarget.Latest);
  const visit = (node: Node): void => {
    if (!isObjectLiteralExpression(node)) {
      forEachChild(node, visit);
      return;
    }
    for (const property of node.properties) {
      if (!isPropertyAssignment(property)) continue;
      const name = property.name.getText(file);
      if (!["this", "arguments", "__name", property.initializer.getText(file)].includes(name)) names.push(name);
    }
  };
  visit(file);
  return names;
}
