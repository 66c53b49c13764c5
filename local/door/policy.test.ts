import assert from "node:assert/strict";
import { test } from "node:test";
import { type PolicyDocument, readPolicy, refusalOf, type Statement, serviceRefusal } from "./policy";
import type { Principal } from "./principals";
import type { Need } from "./service";

const arn = "arn:aws:sts::123456789012:assumed-role/reader/reader";
const object = "arn:aws:s3:::lake/raw/a.parquet";

const who = (...statements: Partial<Statement>[]): Principal => ({
  name: "reader",
  arn,
  accessKeyId: "ASIAREADER",
  secretAccessKey: "secret",
  policies: [document(...statements)],
});

const document = (...statements: Partial<Statement>[]): PolicyDocument => ({
  Statement: statements.map((each) => ({ Effect: "Allow", Action: "s3:GetObject", Resource: object, ...each })),
});

const need = (own: Partial<Need> = {}): Need => ({ action: "s3:GetObject", resource: object, ...own });
const deny = { Effect: "Deny" } as const;
const anybody = { Principal: "*" } as const;

const allowed: readonly [string, Principal, Need][] = [
  ["the action on the resource", who({}), need()],
  ["one of several actions", who({ Action: ["s3:PutObject", "s3:GetObject"] }), need()],
  ["one of several resources", who({ Resource: ["arn:aws:s3:::other/*", object] }), need()],
  ["one of several statements", who({ Action: "s3:PutObject" }, {}), need()],
  ["any text for *", who({ Resource: "arn:aws:s3:::lake/*" }), need()],
  ["no text for *", who({ Resource: `${object}*` }), need()],
  ["a * in the middle", who({ Resource: "arn:aws:s3:::lake/*.parquet" }), need()],
  ["any character for ?", who({ Resource: "arn:aws:s3:::lake/raw/?.parquet" }), need()],
  ["an action by its prefix", who({ Action: "s3:Get*" }), need()],
  ["an action in any case", who({ Action: "S3:getOBJECT" }), need()],
  ["a line break under a *", who({ Resource: "arn:aws:s3:::lake/*" }), need({ resource: "arn:aws:s3:::lake/a\nb" })],
  ["the operator everything", { ...who(), policies: "all" }, need({ action: "kms:Decrypt", resource: "*" })],
  ["whom the resource's policy allows", who(), need({ resourcePolicy: document({ Principal: { AWS: arn } }) })],
  ["anybody whom the resource's policy allows", who(), need({ resourcePolicy: document(anybody) })],
  ["one of several principals", who(), need({ resourcePolicy: document({ Principal: { AWS: ["x", arn] } }) })],
  [
    "what a denial for requests without TLS does not meet",
    who({}),
    need({
      resourcePolicy: document({ ...deny, ...anybody, Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    }),
  ],
  [
    "a condition that holds",
    who({ Condition: { StringLike: { "s3:prefix": "raw/*" } } }),
    need({ context: { "s3:prefix": "raw/a" } }),
  ],
  [
    "one value of a condition",
    who({ Condition: { StringEquals: { "s3:prefix": ["x", "raw/"] } } }),
    need({ context: { "s3:prefix": "raw/" } }),
  ],
  [
    "a condition on who it is",
    who({ Condition: { ArnLike: { "aws:PrincipalArn": "arn:aws:sts::*:assumed-role/*" } } }),
    need(),
  ],
];

const refused: readonly [string, Principal, Need, RegExp][] = [
  ["whom no statement allows", who(), need(), /because no identity-based policy allows the s3:GetObject action$/],
  ["another action", who({ Action: "s3:PutObject" }), need(), /no identity-based policy/],
  [
    "an action that only begins like it",
    who({ Action: "s3:GetObject" }),
    need({ action: "s3:GetObjectVersion" }),
    /s3:GetObjectVersion on/,
  ],
  ["another resource", who({ Resource: "arn:aws:s3:::lake/raw/b.parquet" }), need(), /no identity-based policy/],
  ["a resource in another case", who({ Resource: object.toUpperCase() }), need(), /no identity-based policy/],
  [
    "more than one character for ?",
    who({ Resource: "arn:aws:s3:::lake/?.parquet" }),
    need(),
    /no identity-based policy/,
  ],
  [
    "a dot that is taken for a wildcard",
    who({ Resource: object }),
    need({ resource: object.replace(".", "x") }),
    /no identity-based policy/,
  ],
  [
    "a bucket whose name only begins like it",
    who({ Resource: "arn:aws:s3:::lake/*" }),
    need({ resource: "arn:aws:s3:::lakes/a" }),
    /no identity/,
  ],
  [
    "the bucket by its objects",
    who({ Resource: "arn:aws:s3:::lake/*" }),
    need({ resource: "arn:aws:s3:::lake" }),
    /no identity/,
  ],
  [
    "an explicit denial beside an allowance",
    who({}, { ...deny, Resource: "*" }),
    need(),
    /with an explicit deny in an identity-based policy$/,
  ],
  [
    "an explicit denial before an allowance",
    who({ ...deny, Action: "*" }, {}),
    need(),
    /with an explicit deny in an identity-based policy$/,
  ],
  [
    "whom the resource's policy denies",
    who({}),
    need({ resourcePolicy: document({ ...deny, ...anybody }) }),
    /with an explicit deny in a resource-based policy$/,
  ],
  [
    "the operator whom the resource's policy denies",
    { ...who(), policies: "all" },
    need({ resourcePolicy: document({ ...deny, ...anybody }) }),
    /resource-based policy$/,
  ],
  [
    "whom the resource's policy does not name",
    who(),
    need({ resourcePolicy: document({ Principal: { AWS: "x" } }) }),
    /no identity/,
  ],
  [
    "a service that the resource's policy names",
    who(),
    need({ resourcePolicy: document({ Principal: { Service: "*" } }) }),
    /no identity/,
  ],
  ["a resource's policy that names nobody", who(), need({ resourcePolicy: document({}) }), /no identity/],
  [
    "a condition that does not hold",
    who({ Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    need(),
    /no identity/,
  ],
  [
    "a condition on what the request lacks",
    who({ Condition: { StringEquals: { "s3:prefix": "" } } }),
    need(),
    /no identity/,
  ],
  [
    "two conditions of which one holds",
    who({ Condition: { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "s3:prefix": "x" } } }),
    need({ context: { "s3:prefix": "y" } }),
    /no identity/,
  ],
  [
    "a text that only ends in what is asked for",
    who({ Condition: { StringEquals: { "s3:prefix": "raw/*" } } }),
    need({ context: { "s3:prefix": "raw/a" } }),
    /no identity/,
  ],
];

for (const [what, principal, wanted] of allowed) {
  test(`a policy allows ${what}`, () => assert.equal(refusalOf(principal, wanted), undefined));
}

for (const [what, principal, wanted, reason] of refused) {
  test(`a policy refuses ${what}`, () => {
    const refusal = refusalOf(principal, wanted) ?? "";
    const words = `User: ${arn} is not authorized to perform: ${wanted.action} on resource: "${wanted.resource}" `;
    assert.ok(refusal.startsWith(words), refusal);
    assert.match(refusal, reason);
  });
}

test("a policy is read with one statement or with many", () => {
  const [statement] = document({}).Statement;
  assert.deepEqual(readPolicy(JSON.stringify({ Version: "2012-10-17", Statement: statement }), "lake"), {
    Version: "2012-10-17",
    Statement: [statement],
  });
});

const variable = `\${aws:username}`;

test("a policy that is not understood is refused by the name of what is not", () => {
  for (const [name, statement] of [
    ['"NotAction"', { NotAction: "s3:GetObject" }],
    ['"NotPrincipal"', { NotPrincipal: "*" }],
    ['condition "DateLessThan"', { Condition: { DateLessThan: { "aws:CurrentTime": "2026-01-01" } } }],
    ['condition "StringEqualsIfExists"', { Condition: { StringEqualsIfExists: { "s3:prefix": "x" } } }],
    ['condition "toString"', { Condition: { toString: { "s3:prefix": "x" } } }],
    [`policy variable "${variable}"`, { Resource: `arn:aws:s3:::lake/${variable}/*` }],
    ['condition key "aws:securetransport"', { Condition: { Bool: { "aws:securetransport": "false" } } }],
    [
      'condition key "aws:PrincipalOrgID"',
      {
        Principal: { Service: "events.amazonaws.com" },
        Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } },
      },
    ],
    ['condition key "aws:SourceIp"', { Condition: { StringEquals: { "aws:SourceIp": "127.0.0.1" } } }],
  ] as const) {
    const text = JSON.stringify({ Statement: [{ Effect: "Deny", Action: "*", Resource: "*", ...statement }] });
    assert.throws(() => readPolicy(text, "lake"), {
      message: `Cannot evaluate the policy of "lake": ${name} is not imitated`,
    });
  }
});

const rule = "arn:aws:events:eu-central-1:123456789012:rule/orders";
const events = { Principal: { Service: "events.amazonaws.com" } } as const;
const forRule = { Condition: { ArnEquals: { "aws:SourceArn": rule } } } as const;
const asService = (...statements: Partial<Statement>[]) =>
  serviceRefusal(
    "events.amazonaws.com",
    need({ resourcePolicy: document(...statements), context: { "aws:SourceArn": rule } }),
  );

test("a service is let in by the resource's own policy, for the source that it names", () => {
  assert.equal(asService({ ...events, ...forRule }), undefined);
  assert.equal(asService(events), undefined);
  assert.equal(asService({ Principal: "*" }), undefined);
  const tlsOnly = { ...deny, ...anybody, Condition: { Bool: { "aws:SecureTransport": "false" } } };
  assert.equal(asService(tlsOnly, { ...events, ...forRule }), undefined);
});

test("a service is refused unless the resource's own policy lets it in", () => {
  const nobody = /^events\.amazonaws\.com is not authorized to perform: .* because no resource-based policy allows/;
  assert.match(asService() ?? "", nobody);
  assert.match(asService({ Principal: { Service: "s3.amazonaws.com" } }) ?? "", nobody);
  assert.match(asService({ Principal: { AWS: "*" } }) ?? "", nobody);
  assert.match(asService({ ...events, Action: "s3:PutObject" }) ?? "", nobody);
  assert.match(asService({ ...events, Condition: { ArnEquals: { "aws:SourceArn": `${rule}-2` } } }) ?? "", nobody);
  assert.match(asService(events, { ...deny, ...anybody }) ?? "", /with an explicit deny in a resource-based policy$/);
  assert.match(serviceRefusal("events.amazonaws.com", need()) ?? "", nobody);
});

test("NotResource covers all resources but its own", () => {
  const deny = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", NotResource: "arn:aws:s3:::feeds/uploads/*" };
  const resourcePolicy = readPolicy(JSON.stringify({ Statement: deny }), "feeds");
  const asked = (resource: string) =>
    refusalOf({ ...who(), policies: "all" }, { action: "s3:PutObject", resource, resourcePolicy });
  assert.equal(asked("arn:aws:s3:::feeds/uploads/a"), undefined);
  assert.match(asked("arn:aws:s3:::feeds/a") ?? "", /with an explicit deny in a resource-based policy$/);
});
