// cloud: the embedded AWS. It takes what a program registered and makes each resource work; `end()` leaves nothing running.
//
//                       ┌── s3 ──(notifications)──┐
//                       ├── events ───(rules)─────┤<── scheduler
//   clients ──> door ───┼── sqs <──(dead letters)─┤
//     ^                 ├── sns ──(subscriptions)─┤──> mailbox
//     │                 ├── dynamodb              v
//     │                 ├── secrets, ssm       lambda ──> logs
//     │                 ├── cognito               │
//     │                 ├── glue                  │
//     │                 └── athena                │
//     └───────────────── functions' own clients ──┘  ^
//   callers ──> api gateway ──(a token of cognito's?)──┘

import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Evaluation } from "../stage/evaluation/evaluate";
import { accountId } from "../stage/evaluation/identities";
import { type Clock, systemClock } from "./clock";
import { apiTypes } from "./deploy/apis";
import { athenaTypes, deployAthena } from "./deploy/athena";
import { bucketTypes, deployBuckets, notifications } from "./deploy/buckets";
import { type Database, databaseTypes, openDatabase } from "./deploy/databases";
import { eventSourceTypes, startEventSources } from "./deploy/event-sources";
import { deployEvents, eventTypes } from "./deploy/events";
import { functionConfigs, functionTypes } from "./deploy/functions";
import { crawlerConfigs, deployCatalog, glueTypes } from "./deploy/glue";
import { invocationTypes, runInvocations } from "./deploy/invocations";
import { openModels } from "./deploy/models";
import { deployParameters, parameterTypes } from "./deploy/parameters";
import { registry } from "./deploy/registry";
import { deploySchedules, scheduleTypes } from "./deploy/schedules";
import { serveApi } from "./deploy/serve-api";
import { deadLetterQueues, deployQueues, deploySecrets, deployTables, storeTypes } from "./deploy/stores";
import { deployTopics, topicTypes } from "./deploy/topics";
import { deployUserPools, userPoolTypes } from "./deploy/user-pools";
import { withoutBehaviour } from "./deploy/without-behaviour";
import { type Door, openDoor } from "./door/door";
import { type Journal, journal as openJournal } from "./door/journal";
import { refusalOf } from "./door/policy";
import type { Principal } from "./door/principals";
import type { ApiGateway } from "./services/api-gateway/api-gateway";
import { type Athena, athena as openAthena } from "./services/athena/athena";
import { cognito as openCognito } from "./services/cognito/cognito";
import { dynamodb as openDynamodb } from "./services/dynamodb/dynamodb";
import { events as openEvents } from "./services/events/events";
import { type Glue, glue as openGlue } from "./services/glue/glue";
import { crawlerLogGroup } from "./services/glue/shapes";
import type { FunctionConfig } from "./services/lambda/function-config";
import { invokeApi } from "./services/lambda/invoke-api";
import { type Lambda, lambda as openLambda } from "./services/lambda/lambda";
import { type Logs, logs as openLogs } from "./services/logs/logs";
import type { ObjectEvent } from "./services/s3/notification";
import { s3 as openS3, type S3 } from "./services/s3/s3";
import { scheduler as openScheduler } from "./services/scheduler/scheduler";
import { secrets as openSecrets } from "./services/secrets/secrets";
import { sns as openSns, type Sns } from "./services/sns/sns";
import { sqs as openSqs, type Sqs } from "./services/sqs/sqs";
import { ssm as openSsm, type Ssm } from "./services/ssm/ssm";

export interface CloudOptions {
  /** Keeps the state; a temporary one that goes at the end where it is not given. */
  readonly directory?: string;
  readonly port?: number;
  /** Of the HTTP API. */
  readonly apiPort?: number;
  readonly clock?: Clock;
  /** By which failed events wait for their next try, and batches for their window; `clock` where it is not given. */
  readonly retryClock?: Clock;
}

export interface Cloud {
  readonly url: string;
  readonly region: string;
  readonly directory: string;
  /** Whose credentials open everything: the person at this laptop. */
  readonly operator: Principal;
  readonly journal: Journal;
  readonly logs: Logs;
  readonly s3: S3;
  readonly sqs: Sqs;
  /** What was mailed, each a file as well, and the way to say yes to what an address was asked. */
  readonly mailbox: Pick<Sns, "mails" | "confirm">;
  readonly parameters: Pick<Ssm, "valueOf">;
  /** Where events end that failed for good. */
  readonly deadLetterQueues: readonly { readonly name: string; readonly arn: string }[];
  readonly lambda: Lambda;
  /** Where the program registers an RDS instance: who may connect to it and where, for clients of the operator. */
  readonly postgres?: Pick<Database, "url" | "port" | "user" | "password" | "name">;
  /** Where the program registers an HTTP API: where it is served. */
  readonly api?: Pick<ApiGateway, "url">;
  readonly glue: Glue;
  readonly athena: Athena;
  /** Resolves when nothing is running, queued or waiting for a retry. */
  idle(): Promise<void>;
  end(): Promise<void>;
}

export async function startCloud(evaluation: Evaluation, options: CloudOptions = {}): Promise<Cloud> {
  refuseUnknownTypes(evaluation);
  // What must be ended, in the order in which it was opened: a start that fails half-way leaves as little behind as an end.
  const opened: (() => void | Promise<void>)[] = [];
  const end = async () => {
    for (let close = opened.pop(); close !== undefined; close = opened.pop()) await close();
  };
  try {
    return await open(evaluation, options, opened, end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function open(
  evaluation: Evaluation,
  options: CloudOptions,
  opened: (() => void | Promise<void>)[],
  end: () => Promise<void>,
): Promise<Cloud> {
  const { clock = systemClock(), retryClock = clock, port, apiPort } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "tributary-"));
  // Raw card numbers lie in it.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (options.directory === undefined) opened.push(() => rmSync(directory, { recursive: true, force: true }));
  const resources = registry(evaluation);
  const { region } = resources;
  const journal = openJournal({ file: join(directory, "journal.ndjson") });
  opened.push(() => journal.end());
  const operator = operatorOf(accountId);

  const principals = new Map([[operator.accessKeyId, operator]]);
  const roles = new Map<string, Principal>();
  let door: Door | undefined;
  let notify: (event: ObjectEvent) => void = () => undefined;
  const endpoint = () => door?.url ?? "";

  const logs = openLogs({ directory: join(directory, "logs"), clock, journal, mayWrite });
  opened.push(() => logs.end());
  const s3 = openS3({
    directory: join(directory, "s3"),
    clock,
    region,
    account: accountId,
    onEvent: (event) => notify(event),
  });
  opened.push(() => s3.end());
  const sqs = openSqs({ directory: join(directory, "sqs"), clock, retryClock, endpoint, accountId, region, journal });
  opened.push(() => sqs.end());
  const waits = { clock, retryClock, journal };
  const events = openEvents({ directory: join(directory, "events"), ...waits, account: accountId, region });
  opened.push(() => events.end());
  const sns = openSns({
    directory: join(directory, "sns"),
    mail: join(directory, "mail"),
    ...waits,
    account: accountId,
    endpoint,
  });
  opened.push(() => sns.end());
  const dynamodb = await openDynamodb(join(directory, "dynamodb"));
  // The door is opened later and ends here: a function is ended before the services that it calls.
  opened.push(
    () => dynamodb.end(),
    () => door?.end(),
  );
  const secrets = openSecrets(join(directory, "secrets"));
  const cognito = openCognito({ directory: join(directory, "cognito"), region, account: accountId, clock });
  const ssm = openSsm({ directory: join(directory, "ssm"), region, account: accountId });
  const database = await openDatabase(resources, {
    directory: join(directory, "postgres"),
    secrets,
    principals: (accessKeyId) => principals.get(accessKeyId),
    journal,
  });
  if (database !== undefined) opened.push(() => database.end());
  const glue = openGlue({
    directory: join(directory, "glue"),
    region,
    account: accountId,
    endpoint,
    clock,
    journal,
    openLog: ({ name }) => {
      const groupArn = `arn:aws:logs:${region}:${accountId}:log-group:${crawlerLogGroup}`;
      return logs.open({ functionName: crawlerName(name), groupArn, stream: name });
    },
  });
  opened.push(() => glue.end());
  const athena = openAthena({
    directory: join(directory, "athena"),
    region,
    account: accountId,
    catalog: glue.catalog,
    s3,
    journal,
    clock,
  });
  opened.push(() => athena.end());
  const lambda = openLambda({
    directory: join(directory, "lambda"),
    endpoint,
    clock: retryClock,
    journal,
    logs,
    deliver,
  });
  opened.push(() => lambda.end());
  const scheduler = openScheduler({ directory: join(directory, "scheduler"), ...waits });
  opened.push(() => scheduler.end());

  deployBuckets(resources, s3);
  deployQueues(resources, sqs);
  await deployTables(resources, dynamodb);
  deploySecrets(resources, secrets);
  deployParameters(resources, ssm);
  const { ANTHROPIC_API_KEY, VOYAGE_API_KEY } = process.env;
  const keys = { anthropic: ANTHROPIC_API_KEY || undefined, voyage: VOYAGE_API_KEY || undefined };
  const models = await openModels(resources, { ssm, journal, keys });
  if (models !== undefined) opened.push(() => models.end());
  await deployUserPools(resources, cognito);
  deployCatalog(resources, glue);
  deployAthena(resources, athena);
  for (const config of crawlerConfigs(resources)) {
    principals.set(config.principal.accessKeyId, config.principal);
    roles.set(crawlerName(config.name), config.principal);
    glue.createCrawler(config);
  }
  const resolve = (text: string) => [database, models].reduce((value, each) => each?.resolve(value) ?? value, text);
  const configs = await functionConfigs(resources, join(directory, "functions"), resolve);
  for (const { name, principal } of configs) {
    principals.set(principal.accessKeyId, principal);
    roles.set(name, principal);
  }
  notify = notifications(resources, { lambda, events }, accountId);
  door = await openDoor({
    s3,
    services: [
      sqs.service,
      sns.service,
      dynamodb,
      secrets,
      cognito,
      ssm,
      events,
      glue.service,
      athena.service,
      invokeApi({ lambda, region, accountId }),
    ],
    principals: (accessKeyId) => principals.get(accessKeyId),
    journal,
    ...(port === undefined ? {} : { port }),
  });
  glue.resume();
  // Last, because a function takes up at once what an earlier start left unfinished.
  for (const config of configs) lambda.create(config);
  deployEvents({ registry: resources, sqs, lambda }, events, accountId);
  deployTopics({ registry: resources, sqs, lambda }, sns, accountId);
  await database?.ready;
  await runInvocations(resources, lambda, join(directory, "invocations.json"));
  const eventSources = startEventSources(resources, { configs, sqs, lambda, clock: retryClock, journal });
  opened.push(() => Promise.all(eventSources.map((source) => source.end())).then(() => undefined));
  deploySchedules({ registry: resources, sqs, lambda }, scheduler, accountId);
  const { keysOf } = cognito;
  const apiGateway = await serveApi(resources, { lambda, keysOf, clock, journal, logs, writers: roles, port: apiPort });
  if (apiGateway !== undefined) opened.push(() => apiGateway.end());
  const environmentFile = writeOperatorEnvironment(directory, region, operator, {
    url: door.url,
    api: apiGateway?.url,
    database,
  });
  opened.push(() => rmSync(environmentFile, { force: true }));

  return {
    url: door.url,
    region,
    directory,
    operator,
    journal,
    logs,
    s3,
    sqs,
    mailbox: { mails: sns.mails, confirm: sns.confirm },
    parameters: ssm,
    deadLetterQueues: deadLetterQueues(resources),
    lambda,
    ...(database === undefined ? {} : { postgres: database }),
    ...(apiGateway === undefined ? {} : { api: apiGateway }),
    glue,
    athena,
    async idle() {
      await lambda.idle();
      while ([events, sns, scheduler, ...eventSources, ...[apiGateway ?? []].flat()].some((each) => each.busy() > 0)) {
        await somethingHappens(journal);
        await lambda.idle();
      }
      await glue.idle();
      await athena.idle();
    },
    end,
  };

  function mayWrite(functionName: string, resource: string): boolean {
    const role = roles.get(functionName);
    return role !== undefined && refusalOf(role, { action: "logs:PutLogEvents", resource }) === undefined;
  }

  async function deliver({ principal }: FunctionConfig, queueArn: string, body: string): Promise<void> {
    const resourcePolicy = sqs.configOf(queueArn).policy;
    const refusal = refusalOf(principal, {
      action: "sqs:SendMessage",
      resource: queueArn,
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    });
    if (refusal !== undefined) throw new Error(refusal);
    sqs.send(queueArn, body);
  }
}

/** A crawler may have the name of a function. */
const crawlerName = (name: string): string => `crawler/${name}`;

/** Resolves after the next entry, when those who wrote it have finished what they were doing. */
const somethingHappens = (journal: Journal): Promise<void> =>
  new Promise((resolve) => {
    const silence = journal.listen(() => {
      silence();
      setImmediate(resolve);
    });
  });

/** Whatever the program registers works here, or is on the list of what need not, or stops the start. */
function refuseUnknownTypes({ resources }: Evaluation): void {
  const deployed = new Set([
    ...bucketTypes,
    ...databaseTypes,
    ...eventSourceTypes,
    ...eventTypes,
    ...functionTypes,
    ...invocationTypes,
    ...apiTypes,
    ...athenaTypes,
    ...glueTypes,
    ...parameterTypes,
    ...scheduleTypes,
    ...storeTypes,
    ...topicTypes,
    ...userPoolTypes,
    ...Object.keys(withoutBehaviour),
  ]);
  const unknown = resources.find(({ type }) => !deployed.has(type));
  if (unknown === undefined) return;
  throw new Error(
    `Cannot start "${unknown.name}": nobody has said what a ${unknown.type} does on a laptop. ` +
      "Deploy it in local/deploy/, or list it with a reason in local/deploy/without-behaviour.ts.",
  );
}

const operatorOf = (account: string): Principal => ({
  name: "operator",
  arn: `arn:aws:iam::${account}:user/operator`,
  accessKeyId: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
  secretAccessKey: randomBytes(30).toString("base64url"),
  policies: "all",
});

/** What a shell needs for any AWS client to reach this cloud; readable by its owner, gone when the cloud ends. */
function writeOperatorEnvironment(
  directory: string,
  region: string,
  operator: Principal,
  { url, api, database }: { url: string; api: string | undefined; database: Database | undefined },
): string {
  const file = join(directory, "operator.env");
  const lines = {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: region,
    // What the older AWS CLI reads instead.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    ...(database === undefined ? {} : databaseVariables(database)),
    ...(api === undefined ? {} : { API: api }),
  };
  const text = Object.entries(lines).map(([name, value]) => `export ${name}=${value}\n`);
  writeFileSync(file, text.join(""), { mode: 0o600 });
  return file;
}

/** What psql and its like read, and what most other clients do. https://www.postgresql.org/docs/17/libpq-envars.html */
const databaseVariables = ({ url, port, user, password, name }: Database) => ({
  PGHOST: "127.0.0.1",
  PGPORT: String(port),
  PGUSER: user,
  PGPASSWORD: password,
  PGDATABASE: name,
  DATABASE_URL: url,
});
