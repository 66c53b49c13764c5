// exemptions: where the program keeps a rule not, on purpose, and why. One that no longer applies fails the tests.

export interface Exemption {
  /** An id of the rule. */
  readonly rule: string;
  /** Type and name. */
  readonly resource: string;
  readonly stack: "dev" | "prod";
  readonly reason: string;
}

export const exemptions: readonly Exemption[] = [
  {
    rule: "CKV_AWS_26",
    resource: "aws:sns/topic:Topic alarms",
    stack: "dev",
    reason:
      "Dev has no key of its own, and CloudWatch may not use AWS's key of SNS: an alarm would not arrive. It holds no data.",
  },
  {
    rule: "CKV_AWS_145",
    resource: "aws:s3/bucket:Bucket access-logs",
    stack: "prod",
    reason: "S3 delivers access logs only to a bucket that is encrypted with S3's own key.",
  },
  {
    rule: "CKV_AWS_18",
    resource: "aws:s3/bucket:Bucket access-logs",
    stack: "prod",
    reason: "Its own accesses, logged into itself, would never stop.",
  },
  {
    rule: "CKV_AWS_304",
    resource: "aws:secretsmanager/secret:Secret card-token-key",
    stack: "prod",
    reason: "Another key would part every card's old tokens from its new ones, and no join would find them again.",
  },
  {
    rule: "CKV_AWS_355",
    resource: "aws:iam/rolePolicy:RolePolicy database-monitoring",
    stack: "prod",
    reason:
      "RDS writes what it measures to RDSOSMetrics, the one group of the account, which no program can make its own.",
  },
  {
    rule: "CKV_AWS_304",
    resource: "aws:secretsmanager/secret:Secret source-database",
    stack: "prod",
    reason: "The password is the shop's, and is changed where the shop's database is: its owner puts the new one here.",
  },
  {
    rule: "SNSRedrivePolicy",
    resource: "aws:sns/topicSubscription:TopicSubscription alarms",
    stack: "prod",
    reason: "It is an e-mail to whoever would look at the queue; what could not be mailed stays the alarm's state.",
  },
];

/** Rules of reviewers that are not written here at all. */
export const leftOut: Readonly<Record<string, string>> = {
  CKV_AWS_144: "Replication to another region: raw files can be exported again, and everything else is made from them.",
  CKV_AWS_94:
    "An encrypted catalogue: it is one setting of the account, whose other databases would depend on this stack's key; it holds names and types.",
  CKV_AWS_272: "Code signing: the only way in is the deployment, whose own credentials could sign as well.",
  CKV_AWS_297: "Schedules under a key of our own: all that one holds is a time and the input {}.",
  "AwsSolutions-APIG2":
    "A request validator: HTTP APIs have none. Every handler is made by answer(), which checks first.",
  "AwsSolutions-COG2":
    "A second factor for everybody: sellers' programs sign in with nobody there to type it. Each user may turn it on.",
  CKV_AWS_117: "Functions in a VPC: advisory, and of use only to clients of a database.",
  CKV2_AWS_30:
    "Slow statements in the database's log: the values that they were called with are written beside them, and rows of " +
    "customers have no place there. Performance Insights tells which statements are slow.",
  "AwsSolutions-RDS11":
    "Another port than PostgreSQL's own: nobody reaches it but the stages' group, which would know it.",
  CKV_AWS_115:
    "Reserved concurrency: advisory; it is taken off the account's limit, which new accounts have little of.",
  CKV2_AWS_62: "Notifications on every bucket: advisory; those that wake a stage have one.",
};
