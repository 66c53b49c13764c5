import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { readSourceAddress } from "./source-address";

test("readSourceAddress() tells PostgreSQL from MySQL by the scheme, with its port", () => {
  for (const [scheme, kind, port] of [
    ["postgres", "postgres", 5_432],
    ["postgresql", "postgres", 5_432],
    ["mysql", "mysql", 3_306],
    ["mariadb", "mysql", 3_306],
  ] as const) {
    assert.deepEqual(readSourceAddress(`${scheme}://shop:hunter2@db.example.com/shop`), {
      kind,
      host: "db.example.com",
      port,
      database: "shop",
      user: "shop",
      password: "hunter2",
      tls: true,
      name: `${kind}://db.example.com:${port}/shop`,
    });
  }
});

test("readSourceAddress() decodes names, and takes the schema for itself", () => {
  const address = readSourceAddress(
    "postgres://a%40b:p%25%2F%3A@[2001:db8::1]:6543/my%20shop?schema=old&sslmode=require",
  );
  const { host, port, database, user, password, schema, name } = address;
  assert.deepEqual(
    [host, port, database, user, password, schema],
    ["2001:db8::1", 6_543, "my shop", "a@b", "p%/:", "old"],
  );
  assert.equal(name, "postgres://2001:db8::1:6543/my shop?schema=old");
});

test("readSourceAddress() leaves out TLS on the loopback interface alone, where a port says nothing", () => {
  const { tls, name } = readSourceAddress("postgres://u:p@127.0.0.1:41234/shop?sslmode=disable");
  assert.deepEqual([tls, name], [false, "postgres://127.0.0.1/shop"]);
  for (const host of ["localhost", "10.0.0.7", "127.0.0.1.example.com"])
    assert.equal(readSourceAddress(`mysql://u:p@${host}/shop`).tls, true, host);
});

test("readSourceAddress() says what is wrong with a connection string, and never the string", () => {
  for (const [text, code, says] of [
    ["oracle://u:hunter2@db/shop", "UnknownSource", 'begins with "oracle://"'],
    ["hunter2", "UnknownSource", "has no scheme"],
    ["hunter2:5432", "UnknownSource", "has no scheme"],
    ["postgres://u:hunter2@db:port/shop", "BadAddress", "is no URL"],
    ['{"username":"u","password":"hunter2"}', "UnknownSource", "has no scheme"],
    ["postgres://u:hunter2@db", "BadAddress", "names no database"],
    ["postgres:///shop?hunter2", "BadAddress", "names no host"],
    ["postgres://u:hunter2%@db/shop", "BadAddress", "write it %25"],
    ["postgres://u:hunter2@db/shop?options=-csearch_path", "BadAddress", '"options" is none of its parameters'],
    ["postgres://u:hunter2@db/shop?sslmode=disable", "BadAddress", "sslmode=disable is not possible"],
  ] as const) {
    assert.throws(
      () => readSourceAddress(text),
      (error: Error & { code: string }) => {
        assert.equal(error.code, code, text);
        assert.ok(error.message.includes(says), error.message);
        return !inspect(error, { depth: Infinity, showHidden: true })
          .replace(/ at .*/g, "")
          .includes("hunter2");
      },
    );
  }
});
