// tags: by which costs, alarms and data are told apart, on everything that a component makes.

import type { ResourceTransformation } from "@pulumi/pulumi";

/** The types of the program that AWS tags; the others refuse the property. */
const taggable = /:(Bucket|EventRule|Function|Key|LogGroup|MetricAlarm|Queue|Role|Secret|Table|Topic)$/;

/** A transformation that gives these tags to a component's children; what a child says itself stands. */
export const tagged =
  (tags: Readonly<Record<string, string>>): ResourceTransformation =>
  ({ type, props, opts }) =>
    taggable.test(type) ? { props: { ...props, tags: { ...tags, ...props.tags } }, opts } : undefined;
