// Lambda's Invoke with the client that functions use.

import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { InvokeCommand, type InvokeCommandInput, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { behindDoor } from "../../door/behind-door";
import { runner } from "./fixture";
import { invokeApi } from "./invoke-api";

const ours = "arn:aws:lambda:eu-central-1:000000000000:function:";
const decoded = (payload: Uint8Array | undefined): unknown => JSON.parse(Buffer.from(payload ?? []).toString());

test("a function is invoked by its name or its ARN, and its result comes back", async (t) => {
  const { invoke } = await api(t);
  for (const FunctionName of ["echo", `${ours}echo`, "000000000000:function:echo", "echo:$LATEST"]) {
    const { StatusCode, FunctionError, ExecutedVersion, Payload } = await invoke({
      FunctionName,
      Payload: '{"a":[1,"ü"]}',
    });
    assert.deepEqual([StatusCode, FunctionError, ExecutedVersion], [200, undefined, "$LATEST"]);
    assert.deepEqual(decoded(Payload), { event: { a: [1, "ü"] } });
  }
  const { Payload } = await invoke({ FunctionName: "echo" });
  assert.deepEqual(decoded(Payload), { event: {} });
});

test("a function that throws answers with its error, and with the tail of its log where that is asked for", async (t) => {
  const { invoke } = await api(t);
  const answer = await invoke({ FunctionName: "fails", LogType: "Tail" });
  assert.deepEqual([answer.StatusCode, answer.FunctionError], [200, "Unhandled"]);
  const { errorType, errorMessage } = decoded(answer.Payload) as Record<string, unknown>;
  assert.deepEqual([errorType, errorMessage], ["RangeError", "too much"]);
  assert.match(
    Buffer.from(answer.LogResult ?? "", "base64").toString(),
    /^START RequestId: .*before it failed.*REPORT/s,
  );
  assert.equal((await invoke({ FunctionName: "fails" })).LogResult, undefined);
});

test("an event is accepted at once, and a dry run runs nothing", async (t) => {
  const { invoke, record } = await api(t);
  const accepted = await invoke({ FunctionName: "echo", InvocationType: "Event", Payload: '{"event":1}' });
  assert.deepEqual([accepted.StatusCode, decoded(accepted.Payload ?? Buffer.from("null"))], [202, null]);
  assert.equal((await invoke({ FunctionName: "echo", InvocationType: "DryRun" })).StatusCode, 204);
  assert.equal(record.filter(({ operation }) => operation === "Invoke").length, 1);
});

test("who may invoke one function may invoke no other", async (t) => {
  const { invoke } = await api(t, { action: "lambda:InvokeFunction", resource: `${ours}echo` });
  assert.equal((await invoke({ FunctionName: "echo" })).StatusCode, 200);
  const other = invoke({ FunctionName: "fails", InvocationType: "DryRun" });
  await assert.rejects(other, { name: "AccessDeniedException" });
});

test("what cannot be is refused in Lambda's words", async (t) => {
  const { invoke } = await api(t);
  await assert.rejects(invoke({ FunctionName: "nobody" }), {
    name: "ResourceNotFoundException",
    message: `Function not found: ${ours}nobody`,
  });
  await assert.rejects(invoke({ FunctionName: "echo", Payload: "{" }), { name: "InvalidRequestContentException" });
  const large = (bytes: number) => JSON.stringify("x".repeat(bytes - 2));
  await assert.rejects(invoke({ FunctionName: "echo", Payload: large(6 * 1_024 * 1_024 + 1) }), {
    name: "RequestTooLargeException",
  });
  await assert.rejects(invoke({ FunctionName: "echo", InvocationType: "Event", Payload: large(1_024 * 1_024 + 1) }), {
    name: "RequestTooLargeException",
  });
});

test("what is not imitated is refused by name", async (t) => {
  const { client, invoke } = await api(t);
  const refusals = await Promise.all([
    invoke({ FunctionName: "echo", Qualifier: "live" }).catch(String),
    invoke({ FunctionName: "echo", ClientContext: "e30=" }).catch(String),
    invoke({ FunctionName: "111111111111:function:echo" }).catch(String),
    client.send(new ListFunctionsCommand({})).catch(String),
  ]);
  assert.deepEqual(refusals, [
    "NotImplemented: Invoke with another Qualifier than $LATEST is not imitated",
    "NotImplemented: Invoke with x-amz-client-context is not imitated",
    "NotImplemented: Invoke in another account is not imitated",
    "NotImplemented: GET /2015-03-31/functions is not imitated",
  ]);
});

async function api(t: TestContext, may?: { readonly action: string; readonly resource: string }) {
  const { lambda, create, record } = runner(t);
  create("echo", "exports.handler = async (event) => ({ event })");
  create(
    "fails",
    'exports.handler = async () => { console.log("before it failed"); throw new RangeError("too much"); }',
  );
  const service = invokeApi({ lambda, region: "eu-central-1", accountId: "000000000000" });
  const { config } = await behindDoor(t, service);
  const client = new LambdaClient(config(may));
  return {
    client,
    record: record.entries,
    invoke: async (input: InvokeCommandInput) => {
      const answer = await client.send(new InvokeCommand(input));
      await lambda.idle();
      return answer;
    },
  };
}
