// image-events: what the stages of the collections tell each other by EventBridge.
//
//   process-image ──ImageProcessed──> analyze-image ──AnalysisComplete──> embed-analysis
//
// Names of fields and their sense are those of the collections that were there before; `version_id` and `request_id` are new,
// and an event without them is taken as well.

import { type InferOutput, minLength, object, optional, pipe, regex, string } from "valibot";
import { ItemId, UserId } from "./image-keys";

const text = pipe(string(), minLength(1));

/** Of what a stage or S3 has made: no database takes a NUL. */
const id = pipe(string(), regex(/^\P{C}{1,1024}$/u));

export const imageProcessed = { source: "collections.imageprocessor", detailType: "ImageProcessed" } as const;

export const ImageProcessed = object({
  item_id: ItemId,
  user_id: UserId,
  bucket: text,
  original_key: text,
  /** Where it is not given, where the key of the original says. */
  thumbnail_key: optional(text),
  /** Of the original; the current one where it is not given. */
  version_id: optional(id),
  /** Of whoever wants the picture analyzed once more: a new version of the analysis for each. */
  request_id: optional(id),
});

export type ImageProcessed = InferOutput<typeof ImageProcessed>;

export const analysisComplete = { source: "collections.analyzer", detailType: "AnalysisComplete" } as const;

export const AnalysisComplete = object({
  item_id: ItemId,
  analysis_id: id,
  user_id: UserId,
});

export type AnalysisComplete = InferOutput<typeof AnalysisComplete>;
