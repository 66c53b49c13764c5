// event-bus: the bus that every account has, where AWS's own events lie and those of the stages beside them.

import * as aws from "@pulumi/aws";
import { interpolate, type Output } from "@pulumi/pulumi";
import type { Platform } from "./platform";

export const defaultBusArn = ({ accountId }: Pick<Platform, "accountId">): Output<string> =>
  interpolate`arn:aws:events:${aws.getRegionOutput().region}:${accountId}:event-bus/default`;
