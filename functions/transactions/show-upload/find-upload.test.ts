// On a PostgreSQL of a test's own, as the role of the API.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asSellers } from "../as-sellers";
import { type TransactionsDatabase, transactionsDatabase } from "../database-fixture";
import { findUpload } from "./find-upload";

let database: TransactionsDatabase;
before(async () => {
  database = await transactionsDatabase();
  await database.sql`
    insert into transactions.uploads (
      seller_id, upload_id, version, object, file_name, uploaded_at, outcome, rows_in, rows_accepted, rows_duplicate,
      rows_rejected, error_id, error_code, error_message, processed_at
    )
    values
      ('acme', 'u1', 'v1', 'o', 'a.csv', '2026-03-01', 'failed', 0, 0, 0, 0, 'e1', 'NotCsv', 'no', '2026-03-01T00:01:00Z'),
      ('acme', 'u1', 'v2', 'o', 'a.csv', '2026-03-02', 'processed', 5, 4, 1, 0, null, null, null, '2026-03-02T00:01:00Z'),
      ('acme', 'u2', 'v1', 'o', 'b.csv', '2026-03-01', 'processed_with_rejects', 3, 1, 1, 1, 'e2', null, null, '2026-03-01'),
      ('berg', 'u3', 'v1', 'o', 'c.csv', '2026-03-01', 'processed', 1, 1, 0, 0, null, null, null, '2026-03-01')`;
});
after(() => database.end());

const find = (id: string, sellers: readonly string[] = ["acme"]) =>
  database.as("transactions_api", (sql) =>
    asSellers(sql, sellers, (transaction) => findUpload(transaction, sellers, id)),
  );

test("an upload is told by its counts; of several versions the last that was processed", async () => {
  assert.deepEqual(await find("u1"), {
    uploadId: "u1",
    seller: "acme",
    file: "a.csv",
    outcome: "processed",
    uploadedAt: "2026-03-02T00:00:00.000Z",
    processedAt: "2026-03-02T00:01:00.000Z",
    rowsIn: 5,
    rowsAccepted: 4,
    rowsDuplicate: 1,
    rowsRejected: 0,
  });
  assert.equal((await find("u2"))?.errorId, "e2");
});

test("another seller's upload is not there, and neither is one whose id is SQL", async () => {
  for (const id of ["u3", "u9", "' or '1'='1", "'; drop table transactions.uploads; --"])
    assert.equal(await find(id), undefined, id);
  assert.equal((await find("u3", ["acme", "berg"]))?.seller, "berg");
});
