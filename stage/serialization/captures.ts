// captures: what a handler has captured that does not survive serialization, read from the text that Pulumi wrote.
//
// The text is looked at and not the source, because only what a handler really reaches is in it: a function file also imports
// the component classes of the kit, which stay at deployment. How Pulumi writes an instance, a class and a subclass is from
// @pulumi/pulumi 3.270, runtime/closure/serializeClosure.js; serialization-gate.test.ts shows it for each.

import ts from "typescript";

/** One sentence per capture; none where everything survives. */
export function lostCaptures(text: string): string[] {
  const source = ts.createSourceFile("__index.js", text, ts.ScriptTarget.Latest);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const lost = lostIn(node, source);
    if (lost !== undefined) found.add(lost);
    // What the handler's own functions do when they run is their own affair: a Map made in there is alive.
    if (!ts.isWithStatement(node)) ts.forEachChild(node, visit);
  };
  visit(source);
  // What Pulumi calls the function that it makes of a class: the constructor's body and nothing else.
  if (text.includes("function /*constructor*/")) {
    found.add(
      "a class is captured, and its fields and what it inherits are lost: use a function that makes the object",
    );
  }
  return [...found];
}

function lostIn(node: ts.Node, source: ts.SourceFile): string | undefined {
  // `global.Map.prototype`, as what an object is made from or as where one of its methods comes from.
  if (ts.isPropertyAccessExpression(node) && node.name.text === "prototype") {
    const owner = /^global\.(\w+)$/.exec(node.expression.getText(source))?.[1];
    if (owner !== undefined) return `a ${owner} is captured: make it inside the factory`;
  }
  if (!ts.isCallExpression(node)) return undefined;
  const called = node.expression.getText(source);
  const [first] = node.arguments.map((argument) => argument.getText(source));
  if (called === "Object.create" && /^__\w*proto\w*$/.test(first ?? "")) {
    return `an instance of a class is captured (${first}): make it inside the factory`;
  }
  return undefined;
}
