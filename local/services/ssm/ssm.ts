// ssm: the Parameter Store of Systems Manager, as far as functions and the person at this laptop use it.
//
// Values lie in one file that only its owner may read. What the program says of a value is written once per version, as the
// provider does: a restart with the same data directory finds a value that somebody has put by hand.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { awsError, type Incoming, type Need, type Operation, type Service } from "../../door/service";
import { inputOf, jsonAnswer, jsonRefusal, targetOf } from "../json-protocol";
import { type Kept, keptParameters, type ParameterType, types, type Version } from "./kept-parameters";
import { arnOf, checkName, selected } from "./parameter-name";

export interface SsmOptions {
  readonly directory: string;
  readonly region: string;
  readonly account: string;
}

export interface DeclaredParameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  /** Of the value, as the program counts: while it is the same, what somebody has put by hand stands. */
  readonly version: string;
  /** The key of its own by which AWS encrypts it. */
  readonly keyArn?: string;
}

export interface Ssm extends Service {
  put(parameter: DeclaredParameter): void;
  /** The current value, where there is such a parameter. */
  valueOf(name: string): string | undefined;
}

type Input = Readonly<Record<string, unknown>>;

/** What is imitated of an operation: its inputs, what it touches, and what it does. */
interface Imitation {
  readonly inputs: readonly string[];
  readonly names: (input: Input) => readonly string[];
  readonly run: (input: Input) => object;
}

/**
 * Of the standard tier.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
const largestValue = 4_096;

export function ssm({ directory, region, account }: SsmOptions): Ssm {
  mkdirSync(directory, { recursive: true });
  const store = keptParameters(join(directory, "parameters.json"));
  const keys = new Map<string, string>();
  const operations: Readonly<Record<string, Imitation>> = {
    GetParameter: { inputs: ["Name", "WithDecryption"], names: ({ Name }) => [text(Name, "Name")], run: getParameter },
    GetParameters: { inputs: ["Names", "WithDecryption"], names: namesOf, run: getParameters },
    GetParametersByPath: {
      inputs: ["Path", "Recursive", "WithDecryption", "MaxResults", "NextToken"],
      names: ({ Path }) => [pathOf(Path) || "/"],
      run: getParametersByPath,
    },
    PutParameter: {
      inputs: ["Name", "Value", "Type", "Overwrite", "Description", "Tier", "DataType"],
      names: ({ Name }) => [text(Name, "Name")],
      run: putParameter,
    },
  };

  return {
    name: "ssm",
    refusal: jsonRefusal,
    operation,
    put({ name, type, value, version, keyArn }) {
      checkName(name);
      checkValue(value);
      if (keyArn === undefined) keys.delete(name);
      else keys.set(name, keyArn);
      if (store.get(name)?.said !== version) store.add({ name, type, said: version }, value);
    },
    valueOf: (name) => store.get(name)?.versions.at(-1)?.value,
  };

  async function operation(request: Incoming): Promise<Operation> {
    const name = targetOf(request);
    const input = await inputOf(request);
    const imitation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (imitation === undefined) throw awsError("NotImplemented", `${name} is not imitated`, 501);
    const other = Object.keys(input).find((key) => input[key] !== undefined && !imitation.inputs.includes(key));
    if (other !== undefined) throw awsError("NotImplemented", `${name} with ${other} is not imitated`, 501);
    const names = imitation.names(input).map((each) => selected(each).name);
    return {
      name,
      resource: names.join(", "),
      needs: [
        ...names.map((each) => ({ action: `ssm:${name}`, resource: arnOf(each, region, account) })),
        ...decryptions(name, names, input),
      ],
      run: async () => jsonAnswer(imitation.run(input)),
    };
  }

  /** AWS decrypts in the caller's name; its own key lets everybody of the account in, a key of one's own asks. */
  function decryptions(operation: string, names: readonly string[], { WithDecryption }: Input): Need[] {
    if (WithDecryption !== true) return [];
    const path = operation === "GetParametersByPath" ? pathOf(names[0]) : undefined;
    const used = [...keys].filter(([name]) =>
      path === undefined ? names.includes(name) : name.startsWith(`${path}/`),
    );
    return [...new Set(used.map(([, arn]) => arn))].map((resource) => ({ action: "kms:Decrypt", resource }));
  }

  function getParameter({ Name, WithDecryption }: Input): object {
    const asked = text(Name, "Name");
    const { name, selector } = selected(asked);
    const kept = store.get(name);
    if (kept === undefined) throw awsError("ParameterNotFound", `Parameter ${asked} not found.`);
    return { Parameter: shown(kept, versionOf(kept, selector), WithDecryption === true, selector) };
  }

  function getParameters(input: Input): object {
    const InvalidParameters: string[] = [];
    const Parameters = [...new Set(namesOf(input))].flatMap((asked) => {
      const { name, selector } = selected(asked);
      const kept = store.get(name);
      const version = kept && found(kept, selector);
      if (kept !== undefined && version !== undefined)
        return [shown(kept, version, input.WithDecryption === true, selector)];
      InvalidParameters.push(asked);
      return [];
    });
    return { Parameters, InvalidParameters };
  }

  function getParametersByPath({ Path, Recursive, WithDecryption, MaxResults = 10, NextToken }: Input): object {
    const path = `${pathOf(Path)}/`;
    const most = Number(MaxResults);
    if (!Number.isInteger(most) || most < 1 || most > 10)
      throw awsError("ValidationException", `Value '${MaxResults}' at 'maxResults' must be between 1 and 10`);
    const below = store
      .all()
      .filter(({ name }) => name.startsWith(path) && (Recursive === true || !name.slice(path.length).includes("/")))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    // The token is the last name that was given, so that what is put meanwhile moves nothing.
    const last = Buffer.from(String(NextToken ?? ""), "base64url").toString();
    const rest = below.filter(({ name }) => name > last);
    const page = rest.slice(0, most);
    return {
      Parameters: page.map((kept) => shown(kept, versionOf(kept, undefined), WithDecryption === true)),
      ...(rest.length > page.length ? { NextToken: Buffer.from(page.at(-1)?.name ?? "").toString("base64url") } : {}),
    };
  }

  function putParameter({ Name, Value, Type, Overwrite, Tier, DataType }: Input): object {
    const name = text(Name, "Name");
    const value = text(Value, "Value");
    checkName(name);
    checkValue(value);
    if (Tier !== undefined && Tier !== "Standard")
      throw awsError("NotImplemented", `Tier ${Tier} is not imitated`, 501);
    if (DataType !== undefined && DataType !== "text")
      throw awsError("NotImplemented", `DataType ${DataType} is not imitated`, 501);
    const before = store.get(name);
    if (before !== undefined && Overwrite !== true) {
      throw awsError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    const type = types.find((each) => each === (Type ?? before?.type));
    if (type === undefined)
      throw awsError("ValidationException", "A parameter type is required when you create a parameter.");
    const said = before?.said;
    const Version = store.add({ name, type, ...(said === undefined ? {} : { said }) }, value);
    return { Version, Tier: "Standard" };
  }

  function shown({ name, type }: Kept, version: Version, decrypt: boolean, selector?: string): object {
    const isHidden = type === "SecureString" && !decrypt;
    return {
      Name: name,
      Type: type,
      Value: isHidden ? version.ciphertext : version.value,
      Version: version.number,
      ...(selector === undefined ? {} : { Selector: selector }),
      LastModifiedDate: version.changedAt / 1_000,
      ARN: arnOf(name, region, account),
      DataType: "text",
    };
  }
}

function versionOf(kept: Kept, selector: string | undefined): Version {
  const version = found(kept, selector);
  if (version !== undefined) return version;
  const asked = selector?.slice(1);
  throw awsError("ParameterVersionNotFound", `Systems Manager could not find version ${asked} of ${kept.name}.`);
}

/** Labels are not imitated: no version has one. */
const found = ({ versions }: Kept, selector: string | undefined): Version | undefined =>
  selector === undefined ? versions.at(-1) : versions.find(({ number }) => selector === `:${number}`);

function namesOf({ Names }: Input): string[] {
  const names = Array.isArray(Names) ? Names.map((each) => text(each, "names")) : [];
  if (names.length > 0 && names.length <= 10) return names;
  throw awsError("ValidationException", `Value at 'names' must have length between 1 and 10, and has ${names.length}`);
}

/** Without a slash at the end. */
function pathOf(path: unknown): string {
  if (typeof path === "string" && path.startsWith("/")) return path.replace(/\/$/, "");
  throw awsError("ValidationException", "The parameter path must begin with a slash.");
}

function text(value: unknown, name: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw awsError("ValidationException", `Value at '${name}' must have length greater than or equal to 1`);
}

function checkValue(value: string): void {
  if (value.length <= largestValue) return;
  throw awsError(
    "ValidationException",
    `Standard tier parameters support a maximum parameter value of ${largestValue} characters.`,
  );
}
