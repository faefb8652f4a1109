/**
 * What becomes of U+0000 in texts and JSON. PostgreSQL has no place for it, and databases that do
 * often have programs behind them that take it for the end of the text.
 */

/**
 * `reject` refuses the row, `strip` leaves the character out, `escape` puts the six characters
 * `\u0000` in its place.
 */
export const NUL_RULES = ["reject", "strip", "escape"] as const;

/** See {@linkcode NUL_RULES}. */
export type NulRule = (typeof NUL_RULES)[number];
