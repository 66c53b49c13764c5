// scram: SCRAM-SHA-256 of the server's side, for the master user, who alone has a password. The password itself is never sent.
// RFC 5802, RFC 7677; PostgreSQL's own use of it: https://www.postgresql.org/docs/17/sasl-authentication.html

import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { violation } from "./messages";

export interface Verifier {
  readonly salt: Buffer;
  readonly iterations: number;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

export interface Scram {
  /** Answers the client's first message. */
  begin(clientFirst: string): string;
  /** Answers the client's last message, where it proves the password. */
  finish(clientFinal: string): string | undefined;
}

/** What is kept of a password: enough to recognise it and too little to log in with. */
export function verifierOf(password: string): Verifier {
  const salt = randomBytes(16);
  const iterations = 4_096;
  const salted = pbkdf2Sync(password.normalize("NFKC"), salt, iterations, 32, "sha256");
  return {
    salt,
    iterations,
    storedKey: sha256(hmac(salted, "Client Key")),
    serverKey: hmac(salted, "Server Key"),
  };
}

/** One exchange. Throws at what is no SCRAM. */
export function scram({ salt, iterations, storedKey, serverKey }: Verifier): Scram {
  let nonce = "";
  let soFar = "";

  return {
    begin(clientFirst) {
      // `n` or `y`: without channel binding, which there is none of without TLS.
      const [, bare = "", clientNonce = ""] =
        /^[ny],[^,]*,(n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+).*)$/.exec(clientFirst) ?? [];
      if (clientNonce === "") throw violation("malformed SCRAM message");
      nonce = clientNonce + randomBytes(18).toString("base64");
      const serverFirst = `r=${nonce},s=${salt.toString("base64")},i=${iterations}`;
      soFar = `${bare},${serverFirst}`;
      return serverFirst;
    },
    finish(clientFinal) {
      const [, withoutProof, clientNonce, proof = ""] = /^(c=[^,]*,r=([^,]*)),p=(.*)$/.exec(clientFinal) ?? [];
      if (withoutProof === undefined || clientNonce !== nonce) throw violation("malformed SCRAM message");
      const authMessage = `${soFar},${withoutProof}`;
      const clientKey = xor(Buffer.from(proof, "base64"), hmac(storedKey, authMessage));
      if (!timingSafeEqual(sha256(clientKey), storedKey)) return undefined;
      return `v=${hmac(serverKey, authMessage).toString("base64")}`;
    },
  };
}

const hmac = (key: Buffer, value: string) => createHmac("sha256", key).update(value).digest();
const sha256 = (value: Buffer) => createHash("sha256").update(value).digest();
const xor = (a: Buffer, b: Buffer) => Buffer.from(b.map((byte, index) => byte ^ (a[index] ?? 0)));
