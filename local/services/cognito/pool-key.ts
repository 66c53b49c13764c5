// pool-key: the RSA key that a pool signs its tokens with. It is made once and lies in a file for its owner alone, so that
// tokens stay good through restarts.

import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { calculateJwkThumbprint, exportJWK, type JSONWebKeySet } from "jose";

export interface PoolKey {
  readonly id: string;
  readonly private: KeyObject;
  readonly public: KeyObject;
  /** As the pool's `/.well-known/jwks.json` has it. */
  readonly published: JSONWebKeySet;
}

export async function poolKey(file: string): Promise<PoolKey> {
  const own = createPrivateKey(read(file) ?? (await made(file)));
  const open = createPublicKey(own);
  const jwk = await exportJWK(open);
  const kid = await calculateJwkThumbprint(jwk);
  return { id: kid, private: own, public: open, published: { keys: [{ ...jwk, kid, alg: "RS256", use: "sig" }] } };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

async function made(file: string): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2_048 });
  const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(file, pem, { mode: 0o600 });
  return pem;
}
