// glob: a crawler's exclude patterns (Glue Developer Guide, "Include and exclude patterns"): `*` within a folder, `**` across
// folders, `?`, `[a-c]`, `[!a]`, `{one,other}`, and a backslash before what is meant literally.

/** Whether `path`, which begins behind the include path, is meant by `pattern`. */
export const excludes = (pattern: string, path: string): boolean =>
  new RegExp(`^${sourceOf(pattern)}$`, "s").test(path);

function sourceOf(pattern: string): string {
  let source = "";
  let depth = 0;
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "*") {
      const across = pattern.charAt(at + 1) === "*";
      source += across ? ".*" : "[^/]*";
      if (across) at += 1;
    } else if (character === "?") source += "[^/]";
    else if (character === "[") {
      const end = pattern.indexOf("]", at + 2);
      if (end < 0) throw new Error(`Cannot read the pattern "${pattern}": "[" is not closed`);
      const set = pattern.slice(at + 1, end).replace(/[\\^]/g, "\\$&");
      source += `(?!/)[${set.replace(/^!/, "^")}]`;
      at = end;
    } else if (character === "{") {
      source += "(?:";
      depth += 1;
    } else if (character === "}" && depth > 0) {
      source += ")";
      depth -= 1;
    } else if (character === "," && depth > 0) source += "|";
    else {
      if (character === "\\") at += 1;
      source += pattern.charAt(at).replace(/[.+^${}()|[\]\\*?/]/g, "\\$&");
    }
  }
  if (depth > 0) throw new Error(`Cannot read the pattern "${pattern}": "{" is not closed`);
  return source;
}
