// function-config: what the program declared of one function, as the runner needs it.

import type { Principal } from "../../door/principals";
import { awsError } from "../../door/service";

export interface FunctionConfig {
  readonly name: string;
  readonly arn: string;
  /** The role that the function runs as. */
  readonly principal: Principal;
  /** `__index.handler`: file and export. */
  readonly handler: string;
  readonly runtime: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Size of `/tmp`. */
  readonly diskMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The directory of the unpacked package. */
  readonly code: string;
  /** The directories of the unpacked layers, each as it would lie in `/opt`. */
  readonly layers: readonly string[];
  /** The log group's name. */
  readonly logGroup: string;
  readonly reservedConcurrency?: number;
  /** Of asynchronous invocations: how many more tries after the first one, and for how long. */
  readonly retry: { readonly attempts: 0 | 1 | 2; readonly maxAgeSeconds: number };
  /** The arn to which an asynchronous event goes when all its tries have failed. */
  readonly onFailure?: string;
  readonly tracing: "Active" | "PassThrough";
}

/** Throws what CreateFunction would answer to a configuration that AWS (or this runner) does not take. */
export function checkConfig({ name, runtime, environment }: FunctionConfig): void {
  if (runtime !== "nodejs24.x")
    throw awsError("NotImplemented", `Cannot run "${name}": its runtime is "${runtime}"`, 501);

  const reserved = Object.keys(environment).filter((key) => reservedKeys.has(key));
  if (reserved.length > 0) {
    throw awsError(
      "InvalidParameterValueException",
      "Lambda was unable to configure your environment variables because the environment variables you have provided " +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  }
  if (Buffer.byteLength(JSON.stringify(environment)) > 4096) {
    throw awsError(
      "InvalidParameterValueException",
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
    );
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, "Reserved environment variables". */
const reservedKeys = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);
