import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { endpoints } from "../../../schemas/endpoints";
import { router } from "./routes";

const keys = [
  "$default",
  "ANY /{proxy+}",
  "GET /pets/{proxy+}",
  "GET /pets/dog/{id}",
  "GET /pets/dog/1",
  "ANY /pets/dog/1",
  "GET /pets/{kind}/{id}",
  "GET /",
  "POST /orders",
  "ANY /orders",
];

test("a request takes the route that fits most closely, as the developer guide has it", () => {
  const find = router(keys.map((key) => ({ key })));
  const cases: [string, string, string, Record<string, string>][] = [
    ["GET", "/pets/dog/1", "GET /pets/dog/1", {}],
    ["DELETE", "/pets/dog/1", "ANY /pets/dog/1", {}],
    ["GET", "/pets/dog/2", "GET /pets/dog/{id}", { id: "2" }],
    ["GET", "/pets/cat/2", "GET /pets/{kind}/{id}", { kind: "cat", id: "2" }],
    ["GET", "/pets/cat/2/3", "GET /pets/{proxy+}", { proxy: "cat/2/3" }],
    ["POST", "/pets/cat", "ANY /{proxy+}", { proxy: "pets/cat" }],
    ["POST", "/orders", "POST /orders", {}],
    ["PUT", "/orders", "ANY /orders", {}],
    ["GET", "/orders/", "ANY /{proxy+}", { proxy: "orders/" }],
    ["GET", "/", "GET /", {}],
    ["POST", "/", "$default", {}],
    ["GET", "/pets/dog/a%2Fb%20c", "GET /pets/dog/{id}", { id: "a/b c" }],
    ["GET", "/pets/dog/__proto__", "GET /pets/dog/{id}", { id: "__proto__" }],
  ];
  for (const [method, path, key, parameters] of cases) {
    const found = find(method, path);
    assert.deepEqual([found?.route.key, found?.parameters], [key, parameters], `${method} ${path}`);
  }
});

test("in whatever order routes are registered, the same one takes a request", () => {
  const all = Object.values(endpoints).map(({ route }) => ({ key: route }));
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (routes) => {
      const find = router(routes);
      assert.equal(find("GET", "/api/items/search")?.route.key, "GET /api/items/search");
      assert.equal(find("GET", "/api/items/searches")?.route.key, "GET /api/items/{id}");
    }),
  );
});

test("what no route takes takes none", () => {
  const find = router([{ key: "GET /pets/{id}" }, { key: "GET /orders/{proxy+}" }]);
  for (const [method, path] of [
    ["GET", "/pets"],
    ["GET", "/pets/"],
    ["GET", "/pets/1/"],
    ["GET", "/Pets/1"],
    ["POST", "/pets/1"],
    ["GET", "/orders"],
    ["GET", "//pets/1"],
    ["OPTIONS", "*"],
  ] as const)
    assert.equal(find(method, path), undefined, `${method} ${path}`);
});

test("a path that is not percent-encoded is a bad request", () => {
  const find = router([{ key: "GET /pets/{id}" }]);
  for (const path of ["/pets/%", "/pets/%zz", "/pets/%ff"])
    assert.throws(
      () => find("GET", path),
      (error: { answer: { status: number } }) => error.answer.status === 400,
      path,
    );
});

test("what is no route key is refused when the routes are read", () => {
  for (const key of ["/pets", "get /pets", "GET pets", "GET /{a+}/b", "GET /{a}b", "GET /{}", "FETCH /pets", ""])
    assert.throws(() => router([{ key }]), { message: `"${key}" is no route key` });
});
