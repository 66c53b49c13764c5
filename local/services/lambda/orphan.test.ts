import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

// The instances hold a connection to the test: it closes when their process has ended, however it ended.
const holds = (then: string) =>
  `const { connect } = require("node:net");
   const held = connect(Number(process.env.PORT), "127.0.0.1");
   exports.handler = async () => { await new Promise((done) => held.write("here", done)); ${then} };`;

for (const [state, then] of [
  ["standing still", ""],
  ["running", "return new Promise((resolve) => setTimeout(resolve, 1e6));"],
]) {
  test(`a runner that is killed leaves no instance behind that is ${state}`, async (t) => {
    const root = mkdtempSync(join(tmpdir(), "orphan-"));
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    const runner = spawn(process.execPath, ["--import", "tsx", "-e", program(root, holds(then ?? ""), address.port)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    t.after(() => {
      runner.kill("SIGKILL");
      server.close();
      rmSync(root, { recursive: true, force: true });
    });

    const [socket] = (await once(server, "connection")) as [Socket];
    socket.on("error", () => {});
    const closed = once(socket, "close");
    await once(socket, "data");
    if (then === "") await once(runner.stdout, "data");
    runner.kill("SIGKILL");
    await closed;
  });
}

const program = (root: string, text: string, port: number) => `
  const { mkdirSync, writeFileSync } = require("node:fs");
  const { systemClock } = require(${JSON.stringify(join(__dirname, "../../clock"))});
  const { journal } = require(${JSON.stringify(join(__dirname, "../../door/journal"))});
  const { logs } = require(${JSON.stringify(join(__dirname, "../logs/logs"))});
  const { lambda } = require(${JSON.stringify(join(__dirname, "lambda"))});
  const { configOf } = require(${JSON.stringify(join(__dirname, "fixture"))});
  const root = ${JSON.stringify(root)};
  const clock = systemClock();
  const record = journal();
  const log = logs({ directory: root + "/logs", clock, journal: record, mayWrite: () => true });
  const functions = lambda({ directory: root + "/state", endpoint: () => "", clock, journal: record, logs: log, deliver: async () => {} });
  writeFileSync(root + "/__index.js", ${JSON.stringify(text)});
  functions.create({ ...configOf("holds", root), environment: { PORT: "${port}" } });
  functions.invoke("holds", {}, { source: "operator" }).then(() => console.log("done"));
  setInterval(() => {}, 1000);
`;
