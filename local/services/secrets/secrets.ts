// secrets: Secrets Manager, as far as functions use it: the current value of a secret.
//
// Values lie in one file that only its owner may read. A write-only value (`secretStringWo`) is written once per version,
// as the provider does, so that a restart with the same data directory finds the key that its data was made with.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { awsError, type Service } from "../../door/service";
import { inputOf, jsonAnswer, jsonRefusal, targetOf } from "../json-protocol";

interface Kept {
  readonly name: string;
  readonly value: string;
  readonly version: string;
}

export interface Secrets extends Service {
  /** Sets the value, unless this version of it is there already. */
  put(arn: string, name: string, value: string, version: string): void;
}

export function secrets(directory: string): Secrets {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "secrets.json");
  const kept = new Map<string, Kept>(read(file));

  return {
    name: "secretsmanager",
    refusal: jsonRefusal,
    put(arn, name, value, version) {
      if (kept.get(arn)?.version === version) return;
      kept.set(arn, { name, value, version });
      writeFileSync(file, JSON.stringify([...kept]), { mode: 0o600 });
    },
    async operation(request) {
      const operation = targetOf(request);
      const { SecretId: id, ...more } = await inputOf(request);
      if (operation !== "GetSecretValue") throw awsError("NotImplemented", `${operation} is not imitated`, 501);
      const other = Object.keys(more).find((key) => more[key] !== undefined);
      if (other !== undefined) throw awsError("NotImplemented", `${operation} with ${other} is not imitated`, 501);
      const found = [...kept].find(([arn, { name }]) => id === arn || id === name);
      return {
        name: operation,
        resource: found?.[1].name ?? String(id),
        needs: [{ action: "secretsmanager:GetSecretValue", resource: found?.[0] ?? String(id) }],
        run: async () => {
          if (found === undefined) {
            throw awsError("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
          }
          const [ARN, { name: Name, value: SecretString, version: VersionId }] = found;
          return jsonAnswer({ ARN, Name, SecretString, VersionId, VersionStages: ["AWSCURRENT"] });
        },
      };
    },
  };
}

function read(file: string): [string, Kept][] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as [string, Kept][];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
