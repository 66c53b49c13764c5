// without-behaviour: the resource types that do nothing on a laptop, each with its reason. A type that is neither here nor
// deployed by a file beside this one stops the start by its name.

export const withoutBehaviour: Readonly<Record<string, string>> = {
  "pulumi:pulumi:Stack": "Pulumi's own bookkeeping",
  "pulumi:providers:aws": "Pulumi's own bookkeeping",
  "tributary:stage:DataBucket": "a component: its parts are deployed",
  "tributary:stage:HttpApi": "a component: its parts are deployed",
  "tributary:stage:Stage": "a component: its parts are deployed",
  "aws:cloudwatch/metricAlarm:MetricAlarm":
    "nothing is measured over minutes here; failures are printed as they happen",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": "nothing is connected to anything but the loopback interface",
  "aws:ec2/flowLog:FlowLog": "every call is in the journal",
  "aws:ec2/securityGroup:SecurityGroup": "nothing is connected to anything but the loopback interface",
  "aws:ec2/vpcEndpoint:VpcEndpoint": "every service is reached by the one door",
  "aws:glue/securityConfiguration:SecurityConfiguration": "what lies on the laptop's disk is protected by the laptop",
  "aws:kms/key:Key": "what lies on the laptop's disk is protected by the laptop",
  "aws:rds/parameterGroup:ParameterGroup":
    "connections do not leave the machine, and PGlite takes no settings of a server",
  "aws:rds/subnetGroup:SubnetGroup": "there is one machine to stand on",
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration":
    "it is for browsers, and whoever sends a form here is a program",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "a local start does not live for days",
  "aws:s3/bucketLogging:BucketLogging": "every access is in the journal",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls":
    "there is one account, and access control lists are refused",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "every request must be signed",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    "what lies on the laptop's disk is protected by the laptop",
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
    "nothing is connected to anything but the loopback interface",
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
    "nothing is connected to anything but the loopback interface",
  "awsx:ec2:Vpc": "nothing is connected to anything but the loopback interface",
};
