// Whom postgres-source shows a password, and that it reads on. What it reads is tested on databases, in local/export.test.ts.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Certificate, selfSigned } from "../../../stage/postgres-fixtures/certificate";
import { doorkeeper } from "../../../stage/postgres-fixtures/server";
import { batches } from "./batches";
import { openPostgresSource } from "./postgres-source";

/** What comes of a connection to a server of this certificate, by a Node that trusts it: Node reads authorities at its start. */
async function outcome(t: TestContext, certificate: Certificate | undefined, trusted: boolean) {
  const keeper = await doorkeeper(certificate);
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  t.after(async () => {
    await keeper.end();
    rmSync(folder, { recursive: true });
  });
  const authority = join(folder, "authority.pem");
  writeFileSync(authority, trusted && certificate ? certificate.cert : "");
  const address = {
    host: "localhost",
    port: keeper.port,
    database: "shop",
    user: "shop",
    password: "hunter2",
    tls: true,
  };
  const script = `
    const { openPostgresSource } = require("./functions/lake/export-tables/postgres-source");
    openPostgresSource(${JSON.stringify(address)}).catch((error) => error.code ?? error.message)
      .then((outcome) => { process.stdout.write(String(outcome)); process.exit(); });`;
  const env = { ...process.env, ...(trusted ? { NODE_EXTRA_CA_CERTS: authority } : {}) };
  const told = await new Promise<string>((ended) => {
    execFile(process.execPath, ["--import", "tsx", "--eval", script], { env }, (_, stdout) => ended(stdout));
  });
  return { told, shown: keeper.shown };
}

test("a server without TLS, one that nobody trusts and one of another name are shown no password", async (t) => {
  const none = await outcome(t, undefined, false);
  assert.notEqual(none.told, "");
  assert.deepEqual(none.shown, []);
  const unknown = await outcome(t, selfSigned("localhost"), false);
  assert.deepEqual(unknown, { told: "DEPTH_ZERO_SELF_SIGNED_CERT", shown: [] });
  const other = await outcome(t, selfSigned("other.example.com"), true);
  assert.deepEqual(other, { told: "ERR_TLS_CERT_ALTNAME_INVALID", shown: [] });
});

test("a server that is trusted and has its name is shown the password", async (t) => {
  assert.deepEqual((await outcome(t, selfSigned("localhost"), true)).shown, ["hunter2"]);
});

test("rows whose end comes while their stream is full are followed by the next answer", async (t) => {
  const rows = Array.from({ length: 4 }, () => message("d", Buffer.from(`"${"x".repeat(400_000)}"\n`)));
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", Buffer.alloc(4)), ready]));
      socket.on("data", (asked) => {
        if (!asked.includes("COPY"))
          return void socket.write(Buffer.concat([message("C", Buffer.from("SELECT 0\0")), ready]));
        socket.write(Buffer.concat([message("H", Buffer.alloc(3)), ...rows, message("c")]));
        // When the client has read all of that.
        drained.then(() => socket.write(Buffer.concat([message("C", Buffer.from("COPY 4\0")), ready])));
      });
    });
  });
  let drain = () => {};
  const drained = new Promise<void>((resolve) => {
    drain = resolve;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const address = { kind: "postgres", host: "127.0.0.1", port, database: "shop", user: "shop", password: "" } as const;
  const source = await openPostgresSource({ ...address, tls: false, name: "" });
  t.after(async () => {
    await source.end();
    server.close();
  });
  const plan = { name: "things", columns: [], order: [] };

  let read = 0;
  for await (const batch of batches(await source.records(plan, { rows: "undated" }), new AbortController().signal)) {
    read += batch.rows;
    // The rest arrives while this batch is in work.
    await new Promise((resolve) => setImmediate(resolve));
  }
  drain();

  assert.equal(read, 4);
  assert.equal(await source.fingerprint(plan, { rows: "undated" }), "");
});

/** https://www.postgresql.org/docs/17/protocol-message-formats.html */
function message(kind: string, body = Buffer.alloc(0)): Buffer {
  const head = Buffer.from(`${kind}....`);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const ready = message("Z", Buffer.from("I"));
