// passwords: whether one is good enough for its pool, and how it is kept: as a scrypt hash with a salt of its own.

import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { awsError } from "../../door/service";
import type { PasswordPolicy } from "./pool-config";

/** Throws Cognito's error where a password is not what the policy wants. */
export function checkPassword(password: string, policy: PasswordPolicy): void {
  const reason = shortcoming(password, policy);
  if (reason !== undefined)
    throw awsError("InvalidPasswordException", `Password did not conform with policy: ${reason}`);
  if (password.length > 256) throw awsError("InvalidParameterException", "The password is longer than 256 characters");
}

/** A password that conforms, of whoever is to have one that nobody knows. */
export const madePassword = ({ minimumLength }: PasswordPolicy): string =>
  `aA1-${randomBytes(Math.max(24, minimumLength)).toString("base64url")}`;

export async function hashed(password: string): Promise<string> {
  const salt = randomBytes(16);
  return [salt, await derived(password, salt)].map((bytes) => bytes.toString("base64")).join(":");
}

/** Takes its time where there is no hash, too, so that nobody can measure who exists. */
export async function isPassword(password: string, hash = nobodys): Promise<boolean> {
  const [salt = Buffer.of(), key = Buffer.of()] = hash.split(":").map((text) => Buffer.from(text, "base64"));
  const given = await derived(password, salt);
  return hash !== nobodys && given.length === key.length && timingSafeEqual(given, key);
}

const nobodys = ":";

const derived = (password: string, salt: Buffer): Promise<Buffer> =>
  promisify<string, Buffer, number, Buffer>(scrypt)(password, salt, 32);

/** https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-policies.html; the words are Cognito's. */
function shortcoming(
  password: string,
  { minimumLength, lowercase, uppercase, numbers, symbols }: PasswordPolicy,
): string | undefined {
  if (password.length < minimumLength) return "Password not long enough";
  if (lowercase && !/[a-z]/.test(password)) return "Password must have lowercase characters";
  if (uppercase && !/[A-Z]/.test(password)) return "Password must have uppercase characters";
  if (numbers && !/\d/.test(password)) return "Password must have numeric characters";
  if (symbols && !/[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+\- ]/.test(password))
    return "Password must have symbol characters";
  return undefined;
}
