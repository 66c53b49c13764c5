// secrets: Secrets Manager, as far as functions and the person at this laptop use it: the current value of a secret.
//
// Values lie in one file that only its owner may read. What the program says of a value (`secretString`, or `secretStringWo`
// with its version) is written once per version, as the provider does: a restart with the same data directory finds the key
// that its data was made with, and a value that somebody has put by hand.

import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { awsError, type Incoming, type Operation, type Service } from "../../door/service";
import { inputOf, jsonAnswer, jsonRefusal, targetOf } from "../json-protocol";
import { type Kept, keptSecrets } from "./kept-secrets";

export interface Secrets extends Service {
  /** There is such a secret, with or without a value. */
  create(arn: string, name: string): void;
  /** Sets the value, unless this version of it is there already. */
  put(arn: string, name: string, value: string, version: string): void;
  /** The current value, where there is one. */
  valueOf(arn: string): string | undefined;
}

type Input = Readonly<Record<string, unknown>>;

/** What is imitated of an operation: its inputs, and what it does. */
interface Imitation {
  readonly inputs: readonly string[];
  readonly run: (arn: string, kept: Kept, input: Input) => object;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const largestValue = 65_536;

export function secrets(directory: string): Secrets {
  mkdirSync(directory, { recursive: true });
  const store = keptSecrets(join(directory, "secrets.json"));
  const operations: Readonly<Record<string, Imitation>> = {
    GetSecretValue: { inputs: ["SecretId", "VersionStage"], run: getSecretValue },
    PutSecretValue: { inputs: ["SecretId", "SecretString", "ClientRequestToken"], run: putSecretValue },
    DescribeSecret: { inputs: ["SecretId"], run: describeSecret },
  };

  return {
    name: "secretsmanager",
    refusal: jsonRefusal,
    create(arn, name) {
      if (store.get(arn)?.name !== name) store.set(arn, { ...store.get(arn), name });
    },
    put(arn, name, value, version) {
      if (store.get(arn)?.version === version) return;
      store.set(arn, { name, value, version, versionId: randomUUID(), changedAt: Date.now() });
    },
    valueOf: (arn) => store.get(arn)?.value,
    operation,
  };

  async function operation(request: Incoming): Promise<Operation> {
    const name = targetOf(request);
    const input = await inputOf(request);
    const imitation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (imitation === undefined) throw awsError("NotImplemented", `${name} is not imitated`, 501);
    const other = Object.keys(input).find((key) => input[key] !== undefined && !imitation.inputs.includes(key));
    if (other !== undefined) throw notImitated(name, other);
    const found = store.find(String(input.SecretId));
    return {
      name,
      resource: found?.kept.name ?? String(input.SecretId),
      needs: [{ action: `secretsmanager:${name}`, resource: found?.arn ?? String(input.SecretId) }],
      run: async () => {
        if (found === undefined)
          throw awsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
        return jsonAnswer(imitation.run(found.arn, found.kept, input));
      },
    };
  }

  function getSecretValue(
    ARN: string,
    { name: Name, value, versionId, changedAt }: Kept,
    { VersionStage }: Input,
  ): object {
    if (VersionStage !== undefined && VersionStage !== "AWSCURRENT")
      throw notImitated("GetSecretValue", "VersionStage");
    if (value === undefined) {
      throw awsError(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      );
    }
    const CreatedDate = seconds(changedAt);
    return { ARN, Name, SecretString: value, VersionId: versionId, VersionStages: ["AWSCURRENT"], CreatedDate };
  }

  function putSecretValue(ARN: string, kept: Kept, { SecretString, ClientRequestToken }: Input): object {
    if (typeof SecretString !== "string" || SecretString === "")
      throw awsError("InvalidParameterException", "You must provide either SecretString or SecretBinary.");
    if (Buffer.byteLength(SecretString) > largestValue)
      throw awsError("ValidationException", `SecretString is longer than ${largestValue} bytes`);
    const versionId = String(ClientRequestToken ?? randomUUID());
    if (versionId === kept.versionId && SecretString !== kept.value) {
      throw awsError(
        "ResourceExistsException",
        `You can't use ClientRequestToken ${versionId} because that value is already in use for a version of secret ${ARN}.`,
      );
    }
    store.set(ARN, { ...kept, value: SecretString, versionId, changedAt: Date.now() });
    return { ARN, Name: kept.name, VersionId: versionId, VersionStages: ["AWSCURRENT"] };
  }
}

const describeSecret = (ARN: string, { name: Name, versionId, changedAt }: Kept): object => ({
  ARN,
  Name,
  ...(versionId === undefined
    ? {}
    : { LastChangedDate: seconds(changedAt), VersionIdsToStages: { [versionId]: ["AWSCURRENT"] } }),
});

const notImitated = (operation: string, input: string) =>
  awsError("NotImplemented", `${operation} with ${input} is not imitated`, 501);

/** As the JSON protocol has times. */
const seconds = (ms = 0): number => ms / 1_000;
