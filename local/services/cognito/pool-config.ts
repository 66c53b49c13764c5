// pool-config: what the program says of a user pool, of its clients and of its groups.

export interface PoolConfig {
  readonly id: string;
  readonly arn: string;
  /** The `iss` of its tokens: AWS's own address of it. */
  readonly issuer: string;
  readonly passwords: PasswordPolicy;
  readonly temporaryPasswordDays: number;
  /** Users are called by their e-mail address; their names are ids then. */
  readonly emailAsUsername: boolean;
  readonly caseSensitive: boolean;
  readonly clients: readonly ClientConfig[];
  readonly groups: readonly GroupConfig[];
}

export interface PasswordPolicy {
  readonly minimumLength: number;
  readonly lowercase: boolean;
  readonly uppercase: boolean;
  readonly numbers: boolean;
  readonly symbols: boolean;
}

/** A public one: it has no secret. */
export interface ClientConfig {
  readonly id: string;
  /** `ALLOW_USER_PASSWORD_AUTH`, ... */
  readonly flows: readonly string[];
  readonly accessSeconds: number;
  readonly idSeconds: number;
  readonly refreshSeconds: number;
  /** How long a challenge waits for its answer. */
  readonly challengeSeconds: number;
  /** Whether a sign-in tells an unknown user from a wrong password. */
  readonly tellsWhoExists: boolean;
  readonly revokes: boolean;
  /** The attributes that users see with it; all of them where it is not given. */
  readonly reads?: readonly string[];
}

export interface GroupConfig {
  readonly name: string;
  readonly description?: string;
  /** The lowest is the first of a token's groups. */
  readonly precedence?: number;
}
