// principals: who may sign a request, with what secret, and which policies they carry.

import type { PolicyDocument } from "./policy";

/** Somebody whose signature the door accepts. */
export interface Principal {
  /** As the journal names them: a stage's name, or `operator`. */
  readonly name: string;
  readonly arn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Sent as `x-amz-security-token` by temporary credentials; a request without it is refused. */
  readonly sessionToken?: string;
  /** The identity's policies as the program registered them; the operator has `"all"`. */
  readonly policies: readonly PolicyDocument[] | "all";
}
