import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runner } from "./fixture";

const source = "operator";

test("a function answers with its result, in a process that is kept for the next invocation", async (t) => {
  const { lambda, create, entries } = runner(t);
  create("count", "let n = 0; exports.handler = async ({ add }) => ({ pid: process.pid, n: (n += add) });");

  const first = await lambda.invoke("count", { add: 1 }, { source });
  const second = await lambda.invoke("count", { add: 2 }, { source });

  assert.equal(first.functionError, undefined);
  assert.deepEqual(second.payload, { pid: pidOf(first.payload), n: 3 });
  const details = entries("Invoke").map(({ principal, outcome, detail }) => [
    principal,
    outcome,
    typeof detail?.initMs,
  ]);
  assert.deepEqual(details, [
    ["operator", "ok", "number"],
    ["operator", "ok", "undefined"],
  ]);
});

test("a function stands still between two invocations", async (t) => {
  const { lambda, create } = runner(t);
  create(
    "timer",
    "let late = false; exports.handler = async () => { const was = late; setTimeout(() => { late = true; }, 1); return was; };",
  );
  create("other", "exports.handler = async () => new Promise((resolve) => setTimeout(resolve, 30));");

  assert.equal((await lambda.invoke("timer", {}, { source })).payload, false);
  await lambda.invoke("other", {}, { source });
  // The timer of the first invocation is due, but nobody has run it meanwhile.
  assert.equal((await lambda.invoke("timer", {}, { source })).payload, true);
});

test("a function sees Lambda's environment and its own, and nothing of the machine's", async (t) => {
  process.env.SECRET_OF_THE_MACHINE = "hunter2";
  t.after(() => delete process.env.SECRET_OF_THE_MACHINE);
  const { lambda, create } = runner(t, { endpoint: "http://127.0.0.1:4566" });
  const { code } = create(
    "env",
    "exports.handler = async () => ({ env: process.env, cwd: process.cwd(), home: require('node:os').homedir(), offset: new Date(0).getTimezoneOffset() });",
    { environment: { READY_BUCKET: "ready" } },
  );

  const { payload } = await lambda.invoke("env", {}, { source });
  assert.ok(isRecord(payload) && isRecord(payload.env));
  const { env } = payload;
  assert.deepEqual(
    { cwd: payload.cwd, home: payload.home, offset: payload.offset },
    { cwd: code, home: "/home/sbx_user1051", offset: 0 },
  );
  assert.deepEqual(Object.keys(env).sort(), [
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "LAMBDA_TASK_ROOT",
    "LANG",
    "LD_LIBRARY_PATH",
    "NODE_PATH",
    "PATH",
    "READY_BUCKET",
    "TMPDIR",
    "TZ",
    "_AWS_XRAY_DAEMON_ADDRESS",
    "_AWS_XRAY_DAEMON_PORT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
  ]);
  assert.equal(env.AWS_ENDPOINT_URL, "http://127.0.0.1:4566");
  assert.equal(env.AWS_ACCESS_KEY_ID, "key-of-env");
  assert.equal(env.AWS_REGION, "eu-central-1");
  assert.match(String(env._X_AMZN_TRACE_ID), /^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=1$/);
});

test("a function gets Lambda's context", async (t) => {
  const { lambda, create } = runner(t);
  const { arn } = create(
    "context",
    "exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });",
  );

  const { payload, requestId } = await lambda.invoke("context", {}, { source });
  assert.ok(isRecord(payload));
  const { left, logStreamName, ...context } = payload;
  assert.deepEqual(context, {
    functionName: "context",
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: "256",
    awsRequestId: requestId,
    logGroupName: "/aws/lambda/context",
  });
  assert.ok(Number(left) > 0 && Number(left) <= 30_000);
  assert.match(String(logStreamName), /^2026\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/);
});

test("a layer's modules are found, and the later layer covers the earlier one", async (t) => {
  const { lambda, create, root } = runner(t);
  const layers = ["earlier", "later"].map((name) => join(root, name));
  for (const [index, layer] of layers.entries()) {
    const folder = join(layer, "nodejs", "node_modules", "which");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.js"), `module.exports = ${index};`);
  }
  create("layered", "const which = require('which'); exports.handler = async () => which;", { layers });
  assert.equal((await lambda.invoke("layered", {}, { source })).payload, 1);
});

test("the log has START, what was printed, END and REPORT, in this order", async (t) => {
  const { lambda, create, log } = runner(t);
  create(
    "talks",
    `process.stdout.write('{"level":"INFO"}\\n'); exports.handler = async () => { console.warn("two %d", 2); process.stderr.write("no line break"); };`,
  );

  const { requestId, logTail } = await lambda.invoke("talks", {}, { source });
  const lines = log.tail("/aws/lambda/talks", 10).map((line) => line.split(" ").slice(2).join(" "));
  assert.equal(lines[0], '{"level":"INFO"}');
  assert.equal(lines[1], `START RequestId: ${requestId} Version: $LATEST`);
  assert.match(lines.slice(2, 4).sort().join("\n"), new RegExp(`^\\S+Z\t${requestId}\tWARN\ttwo 2\nno line break$`));
  assert.equal(lines[4], `END RequestId: ${requestId}`);
  assert.match(
    String(lines[5]),
    /^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms$/,
  );
  assert.equal(lines.length, 6);
  for (const part of ["START", "two 2", "REPORT"]) assert.ok(logTail.includes(part), part);
});

const failures: Record<string, { text: string; settings?: object; errorType: string; message: RegExp }> = {
  "a handler that throws": {
    text: "exports.handler = async () => { throw new TypeError('bad moment'); };",
    errorType: "TypeError",
    message: /^bad moment$/,
  },
  "a handler that throws what is no error": {
    text: "exports.handler = async () => { throw 'words'; };",
    errorType: "string",
    message: /^words$/,
  },
  "a handler that takes too long": {
    text: "exports.handler = async () => { for (;;); };",
    settings: { timeoutSeconds: 0.25 },
    errorType: "Sandbox.Timedout",
    message: /^RequestId: \S+ Error: Task timed out after 0\.25 seconds$/,
  },
  "a handler that takes too much memory": {
    text: "const kept = []; exports.handler = async () => { for (;;) { kept.push(Buffer.alloc(16e6, 1)); await new Promise(setImmediate); } };",
    errorType: "Runtime.ExitError",
    message: /^RequestId: \S+ Error: Runtime exited with error: signal: killed$/,
  },
  "a handler that had too much memory for a moment": {
    text: "exports.handler = async () => Buffer.alloc(300e6, 1).length;",
    errorType: "Runtime.ExitError",
    message: /signal: killed$/,
  },
  "a handler that fills its /tmp": {
    text: "exports.handler = async () => { require('node:fs').writeFileSync(require('node:os').tmpdir() + '/big', Buffer.alloc(3e6, 1)); };",
    settings: { diskMb: 2 },
    errorType: "Runtime.ExitError",
    message: /ENOSPC: no space left on device: \/tmp holds 2\.9 MB, its limit is 2 MB$/,
  },
  "a handler that exits": {
    text: "exports.handler = async () => process.exit(3);",
    errorType: "Runtime.ExitError",
    message: /Runtime exited with error: exit status 3$/,
  },
  "a handler that exits as if all were well": {
    text: "exports.handler = async () => process.exit(0);",
    errorType: "Runtime.ExitError",
    message: /Runtime exited without providing a reason$/,
  },
  "a process that crashes": {
    text: "exports.handler = async () => process.abort();",
    errorType: "Runtime.ExitError",
    message: /Runtime exited with error: signal: aborted$/,
  },
  "an error that nobody caught": {
    text: "exports.handler = () => new Promise(() => setImmediate(() => { throw new RangeError('nobody'); }));",
    errorType: "RangeError",
    message: /^nobody$/,
  },
  "a rejection that nobody handled": {
    text: "exports.handler = () => { Promise.reject(new Error('nobody')); return new Promise(() => {}); };",
    errorType: "Runtime.UnhandledPromiseRejection",
    message: /^Error: nobody$/,
  },
  "a promise that is never settled": {
    text: "exports.handler = () => new Promise(() => {});",
    errorType: "Runtime.NodeJsExit",
    message: /a Promise that was never settled/,
  },
  "a missing module": {
    text: "require('not-in-the-package'); exports.handler = async () => {};",
    errorType: "Runtime.ImportModuleError",
    message: /^Error: Cannot find module 'not-in-the-package'/,
  },
  "a setting that is missed at the start": {
    text: "throw new Error('READY_BUCKET is not set');",
    errorType: "Error",
    message: /^READY_BUCKET is not set$/,
  },
  "text that is no JavaScript": {
    text: "exports.handler = async (",
    errorType: "Runtime.UserCodeSyntaxError",
    message: /^SyntaxError/,
  },
  "a package without the handler": {
    text: "exports.other = async () => {};",
    errorType: "Runtime.HandlerNotFound",
    message: /^__index\.handler is undefined or not exported$/,
  },
  "a handler with a callback": {
    text: "exports.handler = (event, context, callback) => callback(null, 1);",
    errorType: "Runtime.CallbackHandlerDeprecated",
    message: /callback/,
  },
  "a package directory that is not there": {
    text: "",
    settings: { code: "/nowhere" },
    errorType: "Runtime.ExitError",
    message: /Runtime exited with error/,
  },
  "a result that is no JSON": {
    text: "exports.handler = async () => 1n;",
    errorType: "Runtime.JSONStringifyError",
    message: /^Unable to stringify response body: /,
  },
  "a result of more than 6 MB": {
    text: "exports.handler = async () => 'x'.repeat(6291557);",
    errorType: "Function.ResponseSizeTooLarge",
    message: /6291556 bytes/,
  },
};

for (const [what, { text, settings, errorType, message }] of Object.entries(failures)) {
  test(`${what} is a function error: ${errorType}`, async (t) => {
    const { lambda, create, entries, root } = runner(t);
    create("fails", text, settings);

    const { functionError, payload } = await lambda.invoke("fails", {}, { source });
    assert.equal(functionError, "Unhandled");
    assert.ok(isRecord(payload));
    assert.match(String(payload.errorMessage), message);
    assert.equal(payload.errorType, errorType);
    assert.equal(entries("Invoke")[0]?.outcome, errorType);

    // Only an error inside the handler leaves the instance, and its /tmp, as they were.
    const kept = ["TypeError", "string", "Runtime.JSONStringifyError", "Function.ResponseSizeTooLarge"].includes(
      errorType,
    )
      ? 1
      : 0;
    assert.equal(readdirSync(join(root, "state", "tmp")).length, kept);
  });
}

test("a warm instance keeps its /tmp, and no other sees it", async (t) => {
  const { lambda, create } = runner(t);
  const text =
    "const fs = require('node:fs'), path = require('node:path').join(require('node:os').tmpdir(), 'kept');" +
    "exports.handler = async () => { const was = fs.existsSync(path); fs.writeFileSync(path, ''); return was; };";
  create("one", text);
  create("two", text);
  const results = [];
  for (const name of ["one", "two", "one"]) results.push((await lambda.invoke(name, {}, { source })).payload);
  assert.deepEqual(results, [false, false, true]);
});

test("the processes of all functions together are never more than the maximum, and the idle ones give way", async (t) => {
  const { lambda, create, root } = runner(t, { maximumProcesses: 2 });
  const instances = join(root, "state", "tmp");
  const seen: number[] = [];
  const text = "exports.handler = async () => process.pid;";
  for (const name of ["a", "b", "c"]) create(name, text);

  await Promise.all(
    ["a", "b", "c", "a", "c", "b", "a"].map(async (name) => {
      assert.equal((await lambda.invoke(name, {}, { source })).functionError, undefined);
      seen.push(readdirSync(instances).length);
    }),
  );
  assert.ok(Math.max(...seen) <= 2, `${seen}`);
});

test("what a function asks of another one does not wait until it is done itself", async (t) => {
  const { lambda, create, root } = runner(t, { maximumProcesses: 1 });
  const answered = JSON.stringify(join(root, "answered"));
  const asker = create(
    "asker",
    `const { existsSync } = require('node:fs');
    exports.handler = async () => {
      while (!existsSync(${answered})) await new Promise((resolve) => setTimeout(resolve, 5));
      return "told";
    };`,
  );
  create("asked", `exports.handler = async () => require('node:fs').writeFileSync(${answered}, "");`);

  const waiting = lambda.invoke("asker", {}, { source });
  await lambda.invoke("asked", {}, { source: asker.principal.name });
  assert.equal((await waiting).payload, "told");
});

test("idle processes stay warm beside those that work, as many as are to be kept", async (t) => {
  const { lambda, create, root } = runner(t, { maximumProcesses: 1, keptProcesses: 1 });
  const instances = join(root, "state", "tmp");
  for (const name of ["a", "b", "c"]) create(name, "exports.handler = async () => process.pid;");
  const pidOf = async (name: string) => (await lambda.invoke(name, {}, { source })).payload;
  const [a, b] = [await pidOf("a"), await pidOf("b")];
  assert.equal(await pidOf("a"), a);
  await pidOf("c");
  // The one that was idle longest has given way.
  assert.equal(await pidOf("a"), a);
  assert.notEqual(await pidOf("b"), b);
  assert.ok(readdirSync(instances).length <= 2);
});

test("an invocation beyond the reserved concurrency is throttled", async (t) => {
  const { lambda, create, entries } = runner(t);
  create("one-at-a-time", "exports.handler = async () => 1;", { reservedConcurrency: 1 });

  const first = lambda.invoke("one-at-a-time", {}, { source });
  await assert.rejects(lambda.invoke("one-at-a-time", {}, { source }), {
    code: "TooManyRequestsException",
    status: 429,
  });
  assert.equal((await first).payload, 1);
  assert.equal(entries("Throttle").length, 1);
  assert.equal((await lambda.invoke("one-at-a-time", {}, { source })).payload, 1);
});

test("a function that is created again runs its new text", async (t) => {
  const { lambda, create } = runner(t);
  create("f", "exports.handler = async () => 'old';");
  assert.equal((await lambda.invoke("f", {}, { source })).payload, "old");
  create("f", "exports.handler = async () => 'new';");
  assert.equal((await lambda.invoke("f", {}, { source })).payload, "new");
});

test("what Lambda would not take is refused", async (t) => {
  const { lambda, create } = runner(t);
  create("f", "exports.handler = async () => 1;");
  await assert.rejects(lambda.invoke("g", {}, { source }), { code: "ResourceNotFoundException" });
  await assert.rejects(lambda.invoke("f", "x".repeat(6 * 1024 * 1024), { source }), {
    code: "RequestTooLargeException",
  });
  assert.throws(() => lambda.invokeAsync("f", "x".repeat(1024 * 1024), { source }), {
    code: "RequestTooLargeException",
  });
  assert.throws(
    () => create("h", "", { environment: { AWS_REGION: "x" } }),
    /Reserved keys used in this request: AWS_REGION/,
  );
  assert.throws(() => create("h", "", { environment: { LONG: "x".repeat(5000) } }), /4KB limit/);
  assert.throws(() => create("h", "", { runtime: "nodejs22.x" }), { code: "NotImplemented" });
});

test("the end leaves no process and no /tmp behind, and what was running rejects", async (t) => {
  const { lambda, create, happened, log, root } = runner(t);
  create("warm", "exports.handler = async () => process.pid;");
  create(
    "endless",
    "const child = require('node:child_process').spawn('sleep', ['1000']); console.log('pids', process.pid, child.pid); exports.handler = () => new Promise((resolve) => setTimeout(resolve, 1e6));",
  );
  const { payload } = await lambda.invoke("warm", {}, { source });
  const started = new Promise<string>((resolve) => log.listen(({ line }) => line.includes("pids") && resolve(line)));
  const endless = assert.rejects(lambda.invoke("endless", {}, { source }), { code: "Ended" });
  const pids = [payload, ...String(/pids (.*)/.exec(await started)?.[1]).split(" ")].map(Number);
  await happened("Invoke");

  await Promise.all([lambda.end(), lambda.end()]);
  await endless;
  assert.equal(pids.length, 3);
  for (const pid of pids) assert.ok(!alive(pid), `process ${pid} is still there`);
  assert.deepEqual(readdirSync(join(root, "state", "tmp")), []);
  await assert.rejects(lambda.invoke("warm", {}, { source }), { code: "Ended" });
});

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const pidOf = (payload: unknown): unknown => (isRecord(payload) ? payload.pid : undefined);

/** A process that has ended, but that nobody has waited for yet, is not alive. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== "linux" || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
