// model-key: the key with which a model is asked, as it lies in the Parameter Store.

/** What the parameter is made with: Systems Manager takes no empty value. */
export const noKey = "none";

export const isKey = (value: string | undefined): value is string =>
  value !== undefined && value.trim() !== "" && value !== noKey;
