// lazy-defaults: every default of valibot schemas made a function that gives it, which means the same to valibot.
//
// Pulumi takes an object with a property `default` for a module that was imported whole, looks for the object's other
// properties in it, and fails where it is a text or a number: "Cannot use 'in' operator to search for 'kind' in day"
// (isImportStarResult of @pulumi/pulumi 3.270, runtime/closure/createClosure.js). A handler captures its endpoint's schemas.

/** Changes the schemas anywhere in `value` in place: valibot's have no copy that is equal. */
export function lazyDefaults(value: unknown, seen = new Set<unknown>()): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (isSchema(value) && isPrimitive(value.default)) {
    const given = value.default;
    value.default = () => given;
  }
  for (const { value: part } of Object.values(Object.getOwnPropertyDescriptors(value))) lazyDefaults(part, seen);
}

const isSchema = (value: object): value is { default?: unknown } => "kind" in value && value.kind === "schema";

const isPrimitive = (value: unknown): boolean => ["string", "number", "boolean", "bigint"].includes(typeof value);
