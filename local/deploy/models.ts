// models: who answers where functions ask Claude - the model of this cloud, which needs no network and no key, or
// Anthropic's, where the person at this laptop has a key in ANTHROPIC_API_KEY.

import type { Registered } from "../../stage/evaluation/evaluate";
import type { Journal } from "../door/journal";
import { claude } from "../services/claude/claude";
import type { Ssm } from "../services/ssm/ssm";
import type { Registry } from "./registry";

export interface Models {
  /** A text with the address of the model in the place of Anthropic's, as the names of a network would have it. */
  resolve(text: string): string;
  end(): Promise<void>;
}

export interface ModelsOptions {
  readonly ssm: Pick<Ssm, "put">;
  readonly journal: Journal;
  /** Anthropic's, where its model is to answer. */
  readonly apiKey?: string;
}

const anthropic = "https://api.anthropic.com";

/** Where a function asks Claude. The parameters are registered already, and hold what stands for no key. */
export async function openModels(
  registry: Registry,
  { ssm, journal, apiKey }: ModelsOptions,
): Promise<Models | undefined> {
  const asking = registry
    .ofType("aws:lambda/function:Function")
    .filter((lambda) => variables(lambda).CLAUDE_URL === anthropic);
  if (asking.length === 0) return undefined;
  for (const name of new Set(asking.map((lambda) => variables(lambda).ANTHROPIC_KEY_PARAMETER))) {
    if (name !== undefined)
      ssm.put({ name, type: "SecureString", value: apiKey ?? "offline", version: "of this laptop" });
  }
  if (apiKey !== undefined) return { resolve: (text) => text, end: async () => undefined };
  const offline = await claude({ journal });
  return { resolve: (text) => text.replaceAll(anthropic, offline.url), end: offline.end };
}

const variables = ({ inputs }: Registered): Readonly<Record<string, string | undefined>> =>
  (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables ?? {};
