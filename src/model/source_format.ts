/** The formats that sources come in. */
export const SOURCE_FORMATS = ["ndjson", "csv", "tsv", "ast"] as const;

/** See {@linkcode SOURCE_FORMATS}. */
export type SourceFormat = (typeof SOURCE_FORMATS)[number];
