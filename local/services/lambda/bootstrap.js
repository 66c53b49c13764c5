// bootstrap: the function's side of an instance. Plain JavaScript, because the function's process has Node and nothing else.
//
//   in    fd 3  one line of JSON each: { type: "init", mark }, then { type: "invoke", requestId, arn, deadline, traceId, event }
//   out   fd 3  one line of JSON each: { type: "ready" | "response" | "error", payload }; then `mark` on stdout and stderr,
//               so that the runner knows that it has seen everything which was printed before
//
// Between two invocations the process stands still in a blocking read: timers, sockets and forgotten promises do not go
// on, as in Lambda, which freezes its environments. The read ends when the runner is gone, however it went; then so is this.

const { readSync, writeSync } = require("node:fs");
const os = require("node:os");
const { dirname, basename, join } = require("node:path");
const { format } = require("node:util");

const link = 3;
let requestId = "";
let answered = false;

const { mark } = nextFrame();
main();

async function main() {
  imitateLambda();
  const handler = await load();
  await answer({ type: "ready" });
  for (;;) {
    const frame = nextFrame();
    requestId = frame.requestId;
    process.env._X_AMZN_TRACE_ID = frame.traceId;
    // One turn of the event loop, in which connections that were closed during the pause are noticed.
    await turn();
    await answer(await run(handler, frame));
  }
}

async function run(handler, frame) {
  try {
    const result = await handler(JSON.parse(frame.event), contextOf(frame));
    await turn();
    return { type: "response", payload: serialized(result) };
  } catch (error) {
    await turn();
    report("Invoke Error", error);
    return { type: "error", payload: describe(error) };
  }
}

// Lambda's own errors of loading, under Lambda's names (aws-lambda-nodejs-runtime-interface-client).
async function load() {
  try {
    const root = process.env.LAMBDA_TASK_ROOT;
    const name = process.env._HANDLER;
    const [, file, path] = /^([^.]+)\.(.+)$/.exec(basename(name)) ?? [];
    if (file === undefined) throw named("Runtime.MalformedHandlerName", `Bad handler "${name}"`);

    const handler = path.split(".").reduce((value, key) => value?.[key], required(join(root, dirname(name), file)));
    if (typeof handler !== "function") throw named("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
    if (handler.length > 2) {
      throw named(
        "Runtime.CallbackHandlerDeprecated",
        `${name} takes a callback: since Node.js 24 Lambda only runs async handlers`,
      );
    }
    return handler;
  } catch (error) {
    report("Uncaught Exception", error);
    fatal(error, 1);
  }
}

function required(file) {
  try {
    return require(file);
  } catch (error) {
    if (error?.code === "MODULE_NOT_FOUND") throw named("Runtime.ImportModuleError", String(error), error.stack);
    if (error instanceof SyntaxError) throw named("Runtime.UserCodeSyntaxError", String(error), error.stack);
    throw error;
  }
}

function imitateLambda() {
  // Without HOME Node asks the system for the user's, and the SDK would read that user's ~/.aws.
  os.homedir = () => "/home/sbx_user1051";

  for (const [method, level] of [
    ["log", "INFO"],
    ["info", "INFO"],
    ["debug", "DEBUG"],
    ["warn", "WARN"],
    ["error", "ERROR"],
    ["trace", "TRACE"],
  ]) {
    console[method] = (...values) => print(level, format(...values));
  }

  process.on("uncaughtException", (error) => {
    report("Uncaught Exception", error);
    fatal(error, 129);
  });
  process.on("unhandledRejection", (reason) => {
    const error = named("Runtime.UnhandledPromiseRejection", String(reason), reason?.stack);
    report("Unhandled Promise Rejection", error);
    fatal(error, 128);
  });
  process.on("beforeExit", () => {
    const message =
      "The Lambda runtime client detected an unexpected Node.js exit code. This is most commonly caused by a Promise that was never settled.";
    fatal(named("Runtime.NodeJsExit", message), 13);
  });

  // While a handler runs nobody reads fd 3: if the runner is killed then, this is how the process learns of it.
  const runner = process.ppid;
  setInterval(() => process.ppid !== runner && process.exit(1), 1_000).unref();
}

function contextOf({ requestId, arn, deadline }) {
  return {
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: arn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    identity: undefined,
    clientContext: undefined,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

function serialized(result) {
  try {
    return JSON.stringify(result) ?? "null";
  } catch (cause) {
    throw named("Runtime.JSONStringifyError", `Unable to stringify response body: ${cause.message}`);
  }
}

function describe(error) {
  return JSON.stringify(
    error instanceof Error
      ? { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split("\n") }
      : { errorType: typeof error, errorMessage: String(error), trace: [] },
  );
}

function named(name, message, stack) {
  return Object.assign(new Error(message), { name, ...(stack === undefined ? {} : { stack }) });
}

function report(what, error) {
  const { errorType, errorMessage, trace } = JSON.parse(describe(error));
  print("ERROR", `${what} \t${JSON.stringify({ errorType, errorMessage, code: error?.code, stack: trace })}`);
}

function print(level, text) {
  process.stdout.write(`${new Date().toISOString()}\t${requestId}\t${level}\t${text}\n`);
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Sends the answer, and waits until everything that was printed has left the process. */
async function answer(frame) {
  send(frame);
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write(`${mark}\n`, done))),
  );
  answered = false;
}

/** The last answer of a process that cannot go on. */
function fatal(error, code) {
  if (!answered) send({ type: "error", payload: describe(error) });
  process.exit(code);
}

function send(frame) {
  answered = true;
  const bytes = Buffer.from(`${JSON.stringify(frame)}\n`);
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(link, bytes, sent);
}

function nextFrame() {
  const chunks = [];
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    const length = readSync(link, chunk, 0, chunk.length, null);
    if (length === 0) process.exit(0);
    chunks.push(chunk.subarray(0, length));
    if (chunk[length - 1] === 0x0a) return JSON.parse(Buffer.concat(chunks).toString());
  }
}
