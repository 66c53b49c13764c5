// export-problem: what stands in the way of an export, under a code by which it is told from others.

export type ExportProblemCode =
  | "SourceNotConfigured"
  | "UnknownSource"
  | "BadAddress"
  | "BadEvent"
  | "SourceTable"
  | "SourceStalled"
  | "Unaccounted"
  | "ExportFailed";

export const exportProblem = (code: ExportProblemCode, message: string, options: ErrorOptions = {}): Error =>
  Object.assign(new Error(message, options), { name: code, code });
