// models: who answers where functions ask Claude or Voyage - the models of this cloud, which need no network and no key, or
// Anthropic's and Voyage's own, each where the person at this laptop has a key in ANTHROPIC_API_KEY or VOYAGE_API_KEY.

import type { Registered } from "../../stage/evaluation/evaluate";
import type { Journal } from "../door/journal";
import { claude } from "../services/claude/claude";
import type { Ssm } from "../services/ssm/ssm";
import { voyage } from "../services/voyage/voyage";
import type { Registry } from "./registry";

export interface Models {
  /** A text with the addresses of the models in the place of the real ones, as the names of a network would have it. */
  resolve(text: string): string;
  end(): Promise<void>;
}

export interface ModelsOptions {
  readonly ssm: Pick<Ssm, "put">;
  readonly journal: Journal;
  /** Of those whose own models are to answer. */
  readonly keys?: ModelKeys;
}

export interface ModelKeys {
  readonly anthropic?: string | undefined;
  readonly voyage?: string | undefined;
}

interface Service {
  readonly whose: keyof ModelKeys;
  /** What functions that ask it have in `urlVariable`. */
  readonly address: string;
  readonly urlVariable: string;
  /** Where they have the name of the parameter that holds the key. */
  readonly keyVariable: string;
  readonly open: (options: { journal: Journal }) => Promise<{ readonly url: string; end(): Promise<void> }>;
}

const services: readonly Service[] = [
  {
    whose: "anthropic",
    address: "https://api.anthropic.com",
    urlVariable: "CLAUDE_URL",
    keyVariable: "ANTHROPIC_KEY_PARAMETER",
    open: claude,
  },
  {
    whose: "voyage",
    address: "https://api.voyageai.com/v1",
    urlVariable: "VOYAGE_URL",
    keyVariable: "VOYAGE_KEY_PARAMETER",
    open: voyage,
  },
];

/** Where functions ask a model. The parameters are registered already, and hold what stands for no key. */
export async function openModels(
  registry: Registry,
  { ssm, journal, keys = {} }: ModelsOptions,
): Promise<Models | undefined> {
  const functions = registry.ofType("aws:lambda/function:Function").map(variables);
  const opened: { address: string; url: string; end(): Promise<void> }[] = [];
  let asked = false;
  for (const { whose, address, urlVariable, keyVariable, open } of services) {
    const asking = functions.filter((environment) => environment[urlVariable] === address);
    if (asking.length === 0) continue;
    asked = true;
    const key = keys[whose];
    for (const name of new Set(asking.map((environment) => environment[keyVariable]))) {
      if (name !== undefined)
        ssm.put({ name, type: "SecureString", value: key ?? "offline", version: "of this laptop" });
    }
    if (key === undefined) opened.push({ address, ...(await open({ journal })) });
  }
  if (!asked) return undefined;
  return {
    resolve: (text) => opened.reduce((value, { address, url }) => value.replaceAll(address, url), text),
    end: async () => {
      await Promise.all(opened.map(({ end }) => end()));
    },
  };
}

const variables = ({ inputs }: Registered): Readonly<Record<string, string | undefined>> =>
  (inputs.environment as { variables?: Record<string, string> } | undefined)?.variables ?? {};
