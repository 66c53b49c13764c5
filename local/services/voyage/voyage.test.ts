// The wire protocol, spoken by Voyage's own client.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { VoyageAIClient, VoyageAIError } from "voyageai";
import { journal } from "../../door/journal";
import { embedText } from "./hashed-embedding";
import { type Voyage, voyage } from "./voyage";

const record = journal();
let offline: Voyage;
let client: VoyageAIClient;

before(async () => {
  offline = await voyage({ journal: record });
  client = new VoyageAIClient({ apiKey: "any", baseUrl: offline.url, maxRetries: 0 });
});
after(() => offline.end());

const model = "voyage-4-large";

const post = async (body: unknown, headers: Record<string, string> = { authorization: "Bearer any" }) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${offline.url}/embeddings`, { method: "POST", headers, body: text });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

test("texts are embedded in their order, with the tokens that they cost and a name", async () => {
  const texts = ["A bright landscape", "lines of text"];
  const { object, data, model: by, usage } = await client.embed({ input: texts, model, inputType: "document" });
  assert.deepEqual([object, by, data?.length], ["list", "offline", 2]);
  assert.deepEqual(
    data?.map(({ object: of, index }) => [of, index]),
    [
      ["embedding", 0],
      ["embedding", 1],
    ],
  );
  for (const [at, text] of texts.entries()) assert.deepEqual(data?.[at]?.embedding, [...embedText(text, 1_024)]);
  assert.equal(usage?.totalTokens, 9);
  const { service, operation, resource, outcome } = record.entries.at(-1) ?? {};
  assert.deepEqual(
    { service, operation, resource, outcome },
    { service: "voyage", operation: "CreateEmbeddings", resource: "2 texts", outcome: "ok" },
  );
});

test("a query is near to the document that it is about", async () => {
  const documents = ["A bright landscape with hills", "A page with lines of text", "A portrait of a face"];
  const { data = [] } = await client.embed({ input: documents, model, inputType: "document" });
  const query = await client.embed({ input: "hilly landscapes", model, inputType: "query" });
  const [{ embedding: asked = [] } = {}] = query.data ?? [];
  const cosines = data.map(({ embedding = [] }) =>
    embedding.reduce((sum, value, at) => sum + value * (asked[at] ?? 0), 0),
  );
  assert.equal(cosines.indexOf(Math.max(...cosines)), 0, String(cosines));
});

test("there are as many dimensions as are asked for", async () => {
  for (const outputDimension of [256, 512, 1_024, 2_048]) {
    const { data } = await client.embed({
      input: "one",
      model,
      outputDimension,
      outputDtype: "float",
      truncation: true,
    });
    assert.equal(data?.[0]?.embedding?.length, outputDimension);
  }
});

test("in base64 an embedding is four bytes a number, the lowest first", async () => {
  const { body } = await post({
    input: "one",
    model,
    encoding_format: "base64",
    input_type: null,
    output_dimension: null,
  });
  const [{ embedding }] = body.data as [{ embedding: string }];
  const bytes = Buffer.from(embedding, "base64");
  const numbers = Array.from({ length: 1_024 }, (_, at) => bytes.readFloatLE(at * 4));
  assert.deepEqual(numbers, [...embedText("one")]);
});

test("a text that is too long is cut to the model's window, or refused where that is not wanted", async () => {
  const long = "landscape ".repeat(20_000);
  const { usage } = await client.embed({ input: long, model });
  assert.equal(usage?.totalTokens, 32_000);
  await assert.rejects(client.embed({ input: ["a", long], model, truncation: false }), (error) => {
    assert.ok(error instanceof VoyageAIError);
    assert.match(JSON.stringify(error.body), /The example at index 1 in your batch has too many tokens/);
    return true;
  });
});

const introduction =
  "The request body is not valid JSON, or some arguments were not specified properly. In particular, ";

test("a request that the API refuses is refused in its words", async () => {
  for (const [body, detail] of [
    ["{", `${introduction}Error for argument '0': JSON decode error`],
    [{}, `${introduction}Your request body was missing one or more required arguments.`],
    [[], `${introduction}Your request body was missing one or more required arguments.`],
    [{ input: "a" }, `${introduction}Your request body was missing one or more required arguments.`],
    [{ input: "a", model, dimensions: 3 }, `${introduction}Argument 'dimensions' is not supported by our API`],
    [
      { input: ["a", ""], model },
      `${introduction}Error for argument 'input': Value error, Input cannot contain empty strings or empty lists`,
    ],
    [
      { input: [], model },
      `${introduction}Error for argument 'input': Value error, Input cannot contain empty strings or empty lists`,
    ],
    [{ input: 7, model }, `${introduction}Error for argument 'input': Input should be a valid string`],
    [{ input: ["a", null], model }, `${introduction}Error for argument 'input': Input should be a valid string`],
    [
      { input: "a", model, input_type: "passage" },
      `${introduction}Value 'passage' supplied for argument 'input_type' is not valid -- accepted values are 'query' or 'document'`,
    ],
    [
      { input: "a", model, encoding_format: "float" },
      `${introduction}Value 'float' supplied for argument 'encoding_format' is not valid -- accepted values are 'base64'`,
    ],
    [
      { input: "a", model, output_dimension: 10 },
      "Value '10' supplied for argument 'output_dimension' is not valid -- accepted values for 'voyage-4-large' are [256, 512, 1024, 2048].",
    ],
    [
      { input: "a", model, output_dtype: "int8" },
      `${introduction}Error for argument 'output_dtype': 'int8' is not imitated offline: 'float' is`,
    ],
    [
      { input: Array.from({ length: 1_001 }, String), model },
      "Request to model 'voyage-4-large' failed. The batch size limit is 1000. Your batch size is 1001.",
    ],
    [
      { input: Array.from({ length: 5 }, () => "landscape ".repeat(10_000)), model },
      "Request to model 'voyage-4-large' failed. The max allowed tokens per submitted batch is 120000. Your batch has 125000 tokens after truncation. Please lower the number of tokens in the batch.",
    ],
  ] as const) {
    assert.deepEqual(await post(body), { status: 400, body: { detail } });
  }
});

test("the key is looked at after the body, and one there must be", async () => {
  for (const headers of [{}, { authorization: "any" }, { authorization: "Bearer " }]) {
    assert.equal((await post({}, headers as Record<string, string>)).status, 400);
    const good = await post({ input: "a", model }, headers as Record<string, string>);
    assert.deepEqual(good, { status: 401, body: { detail: "Unauthorized" } });
  }
});

test("other paths and methods are refused by their name, and a body that is too large", async () => {
  await assert.rejects(client.rerank({ query: "a", documents: ["b"], model: "rerank-2" }), (error) => {
    assert.ok(error instanceof VoyageAIError);
    assert.equal(error.statusCode, 404);
    assert.match(JSON.stringify(error.body), /POST \/v1\/rerank is not imitated offline/);
    return true;
  });
  assert.equal((await fetch(`${offline.url}/embeddings`)).status, 405);
  assert.equal((await post("x".repeat(33 * 1_024 * 1_024))).status, 413);
});
