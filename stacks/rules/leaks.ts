// leaks: secrets of the program that lie in plain text where they do not belong.

import { bundleOf } from "../../stage/serialization/bundle-of";
import { ofType, type Resource, texts } from "./rule";

/** One sentence per function whose package or settings hold a value that the program marked as secret. */
export async function leaks(resources: readonly Resource[]): Promise<string[]> {
  const values = secretValues(resources);
  const found: string[] = [];
  for (const lambda of ofType(resources, "lambda/function")) {
    const bundle = await bundleOf(lambda);
    if (values.some((value) => bundle.includes(value))) found.push(`the bundle of "${lambda.name}" holds a secret`);
    const settings = texts(lambda.inputs);
    if (values.some((value) => settings.some((text) => text.includes(value)))) {
      found.push(`the settings of "${lambda.name}" hold a secret`);
    }
  }
  return found;
}

/** The texts of what has a secret in it, without the names and ARNs of other resources. Short ones would be found anywhere. */
export function secretValues(resources: readonly Resource[]): string[] {
  const identities = new Set(
    resources.flatMap(({ inputs, outputs }) =>
      texts(Object.fromEntries(Object.entries(outputs).filter(([key]) => !(key in inputs)))),
    ),
  );
  const marked = resources.flatMap(({ inputs, secrets }) => texts(secrets.map((key) => inputs[key])));
  return marked.filter((text) => text.length >= 8 && !identities.has(text));
}
