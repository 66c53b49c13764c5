// api-config: what the program says of an HTTP API, as the gateway needs it.

export interface ApiConfig {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  /** `arn:aws:execute-api:{region}:{account}:{id}` */
  readonly executionArn: string;
  readonly routes: readonly RouteConfig[];
  readonly cors?: CorsConfig;
  /** Of all routes together that have no limit of their own. */
  readonly throttle?: Throttle;
  readonly accessLog?: { readonly groupArn: string; readonly format: string };
}

export interface RouteConfig {
  /** `GET /api/errors/{id}`, `ANY /{proxy+}`, `$default` */
  readonly key: string;
  readonly functionName: string;
  readonly timeoutMs: number;
  /** Why the gateway may not invoke the function for a request of that ARN; nothing where it may. */
  readonly refusal: (sourceArn: string) => string | undefined;
  readonly authorizer?: Authorizer;
  readonly throttle?: Throttle;
}

export interface Authorizer {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** One of them is enough. */
  readonly scopes: readonly string[];
}

export interface CorsConfig {
  readonly allowCredentials?: boolean;
  readonly allowHeaders?: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowOrigins?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  /** Seconds. */
  readonly maxAge?: number;
}

export interface Throttle {
  /** Requests per second, in the long run. */
  readonly rate: number;
  /** Requests at once. */
  readonly burst: number;
}
