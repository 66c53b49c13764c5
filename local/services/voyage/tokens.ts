// tokens: how many a text has, about, and how many are taken. https://docs.voyageai.com/docs/tokenization,
// https://docs.voyageai.com/reference/embeddings-api

/** About that many in English text; nobody is billed by it. */
export const charactersPerToken = 4;

/** Of one text, for the models of today. */
export const contextTokens = 32_000;

export const tokensOf = (text: string): number => Math.ceil(text.length / charactersPerToken);

/** Of all texts of a request. */
export function mostTokens(model: string): number {
  if (model.endsWith("-lite")) return 1_000_000;
  return ["voyage-4", "voyage-3.5", "voyage-2"].includes(model) ? 320_000 : 120_000;
}
