// environment: the variables that a function's process sees, and no others.
//
// They are Lambda's own (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html), the declared ones, and
// the two that make the function local: where AWS is, and where its `/tmp` is. HOME is unset, as on Lambda.

import { dirname, join } from "node:path";
import type { FunctionConfig } from "./function-config";

export interface Place {
  /** Where the embedded AWS listens. */
  readonly endpoint: string;
  /** The instance's own `/tmp`. */
  readonly tmp: string;
  readonly logStream: string;
}

export function environmentOf(config: FunctionConfig, { endpoint, tmp, logStream }: Place): Record<string, string> {
  const region = config.arn.split(":")[3] ?? "";
  const { accessKeyId, secretAccessKey, sessionToken } = config.principal;
  // AWS puts the layers over one another in /opt, the later ones on top; here the later ones are searched first.
  const layers = [...config.layers].reverse();

  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: config.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: config.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_EXECUTION_ENV: `AWS_Lambda_${config.runtime}`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    // The port named "discard": nobody listens there, and traces are not kept.
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:9",
    _AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1",
    _AWS_XRAY_DAEMON_PORT: "9",
    _HANDLER: config.handler,
    LAMBDA_TASK_ROOT: config.code,
    LANG: "en_US.UTF-8",
    LD_LIBRARY_PATH: list(config.code, join(config.code, "lib"), ...layers.map((layer) => join(layer, "lib"))),
    NODE_PATH: list(
      ...layers.map((layer) => join(layer, "nodejs", "node24", "node_modules")),
      ...layers.map((layer) => join(layer, "nodejs", "node_modules")),
      config.code,
    ),
    PATH: list(
      dirname(process.execPath),
      "/usr/local/bin",
      "/usr/bin",
      "/bin",
      ...layers.map((layer) => join(layer, "bin")),
    ),
    TZ: ":UTC",
    ...outsideImage(config.environment),
    AWS_ENDPOINT_URL: endpoint,
    TMPDIR: tmp,
  };
}

/**
 * The heap that Lambda's own bootstrap gives to Node, unless NODE_OPTIONS says otherwise: 90 % of the memory for the old
 * space, and of the rest a half for the young one.
 */
export function heapFlags({ memoryMb, environment }: FunctionConfig): string[] {
  if (/--max[-_](semi|old)[-_]space[-_]size/.test(environment.NODE_OPTIONS ?? "")) return [];
  return [`--max-old-space-size=${Math.floor(memoryMb * 0.9)}`, `--max-semi-space-size=${Math.floor(memoryMb * 0.05)}`];
}

/** Without files of Lambda's image: of NODE_EXTRA_CA_CERTS Node would complain at every cold start that it is not there. */
const outsideImage = (declared: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(declared).filter(([, value]) => !value.startsWith("/var/runtime/")));

const list = (...paths: string[]): string => paths.join(":");
