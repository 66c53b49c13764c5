// wildcards: what two patterns have in common, where `*` is any text: ARNs in policies, keys in the patterns of rules.

/** Whether there is a text that matches both, in whichever case its letters are. */
export function meet(one: string, other: string): boolean {
  return possible(one.toLowerCase(), other.toLowerCase());
}

function possible(one: string, other: string): boolean {
  if (one === "" || other === "") return /^\**$/.test(one + other);
  if (one.startsWith("*")) return possible(one.slice(1), other) || possible(one, other.slice(1));
  if (other.startsWith("*")) return possible(other, one);
  return one[0] === other[0] && possible(one.slice(1), other.slice(1));
}

/** Whether every text that matches `inner` matches `outer`: a `*` of the one lies within a `*` of the other. */
export function covers(outer: string, inner: string): boolean {
  const source = outer.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${source}$`, "s").test(inner);
}
