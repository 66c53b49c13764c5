// workgroups: what is registered for Athena: workgroups, and queries with a name.

import { engineVersion } from "./execution";

export interface Workgroup {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  /** Whether what a client asks for the results is passed over. */
  readonly enforced: boolean;
  /** `s3://bucket/prefix/` */
  readonly output?: string;
  /** Bytes; a query that would scan more is cancelled. */
  readonly scanLimit?: number;
}

export interface NamedQuery {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly database: string;
  readonly workgroup: string;
  readonly query: string;
}

export const workgroupShape = ({ name, description, enforced, output, scanLimit }: Workgroup) => ({
  Name: name,
  State: "ENABLED",
  Description: description,
  Configuration: {
    ResultConfiguration: output === undefined ? {} : { OutputLocation: output },
    EnforceWorkGroupConfiguration: enforced,
    PublishCloudWatchMetricsEnabled: false,
    BytesScannedCutoffPerQuery: scanLimit,
    RequesterPaysEnabled: false,
    EngineVersion: engineVersion,
  },
});

export const workgroupSummary = ({ name, description }: Workgroup) => ({
  Name: name,
  State: "ENABLED",
  Description: description,
  EngineVersion: engineVersion,
});

export const namedQueryShape = ({ id, name, description, database, workgroup, query }: NamedQuery) => ({
  NamedQueryId: id,
  Name: name,
  Description: description,
  Database: database,
  WorkGroup: workgroup,
  QueryString: query,
});
