// Whom postgres-source shows a password. What it reads is tested on databases, in local/export.test.ts.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { type Certificate, selfSigned } from "../../../stage/postgres-fixtures/certificate";
import { doorkeeper } from "../../../stage/postgres-fixtures/server";

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
